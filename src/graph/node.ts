/**
 * One node of a graph. Name, op and device are decoded; inputs and attributes stay the bytes they were until a pass asks
 * for one. Nodes are immutable: an edit gives a new one, and a node that nobody edited is written as it was read.
 */
import { decoding } from '../proto/decoding.js';
import { inputNode } from './edges.js';
import { decodeFields, type EncodedNode, findAttribute, type NodeFields } from './encoded-node.js';
import type { EncodedNodes } from './encoded-nodes.js';
import type { Names } from './names.js';
import type { StoredTensor } from './stored-tensor.js';

/** The encoded AttrValue; or a tensor of the checkpoint, whose bytes only the native core will read. */
export type Attribute = Uint8Array | StoredTensor;

export interface NodeEdit {
  readonly name?: string;
  readonly op?: string;
  readonly inputs?: readonly string[];
  readonly device?: string;
  /** Replaces all attributes. */
  readonly attributes?: ReadonlyMap<string, Attribute>;
  /** Attributes to set; undefined: to take away. */
  readonly set?: Readonly<Record<string, Attribute | undefined>>;
}

export class GraphNode {
  #inputs: readonly string[] | undefined;
  #fields: NodeFields<Attribute> | undefined;

  private constructor(
    readonly name: string,
    readonly op: string,
    readonly device: string,
    /** Where name and inputs were read; undefined where they are others now. */
    private readonly origin: EncodedNodes | undefined,
    /** Which of the nodes there. */
    private readonly index: number,
    /** Undefined: as they were read. */
    inputs: readonly string[] | undefined,
    /** Undefined for a node that nobody edited. */
    fields: NodeFields<Attribute> | undefined,
    readonly isEdited: boolean,
  ) {
    this.#inputs = inputs;
    this.#fields = fields;
  }

  /**
   * Decodes the NodeDef that fills bytes `start` to `end` of the source of `nodes`.
   * @throws RangeError where the bytes are no NodeDef.
   */
  static decode(nodes: EncodedNodes, start: number, end: number): GraphNode {
    const { name, op, device } = nodes.add(start, end);
    return new GraphNode(name, op, device, nodes, nodes.ends.length - 1, undefined, undefined, false);
  }

  /** A node that stands for no bytes yet. */
  static create(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: ReadonlyMap<string, Attribute>,
  ): GraphNode {
    return new GraphNode(name, op, '', undefined, -1, inputs, { attributes, rest: [] }, true);
  }

  /** The NodeDef as read; undefined for an edited node. */
  get encoded(): EncodedNode | undefined {
    return this.isEdited ? undefined : this.origin?.node(this.index);
  }

  get inputs(): readonly string[] {
    this.#inputs ??= (this.origin as EncodedNodes).inputs(this.index);
    return this.#inputs;
  }

  /** @throws PermafrostError GRAPH_MALFORMED, as does all that looks into the encoded node. */
  get attributes(): ReadonlyMap<string, Attribute> {
    return this.#decoded().attributes;
  }

  /** The encoded AttrValue of that name. */
  attribute(name: string): Uint8Array | undefined {
    const encoded = this.#fields ? undefined : this.encoded;
    if (encoded) return this.#decoding(() => findAttribute(encoded, name));
    const value = this.attributes.get(name);
    return value instanceof Uint8Array ? value : undefined;
  }

  edit(changes: NodeEdit): GraphNode {
    const isRewired = changes.name !== undefined || changes.inputs !== undefined;
    return new GraphNode(
      changes.name ?? this.name,
      changes.op ?? this.op,
      changes.device ?? this.device,
      isRewired ? undefined : this.origin,
      this.index,
      changes.inputs ?? (isRewired ? this.inputs : this.#inputs),
      this.#editFields(changes),
      true,
    );
  }

  #editFields({ attributes, set }: NodeEdit): NodeFields<Attribute> {
    const { attributes: old, rest } = this.#fields ?? this.#decodeFields();
    if (!set) return { attributes: attributes ?? old, rest };
    const changed = new Map<string, Attribute>(attributes ?? old);
    for (const [name, value] of Object.entries(set)) {
      if (value === undefined) changed.delete(name);
      else changed.set(name, value);
    }
    return { attributes: changed, rest };
  }

  /** The fields that this model does not decode, as encoded. */
  otherFields(): readonly Uint8Array[] {
    return this.#decoded().rest;
  }

  /**
   * Numbers the name, and those that the inputs come from.
   * @param producers gets the number of each input's name at its end.
   * @returns the number of the node's own name.
   */
  wire(names: Names, producers: number[]): number {
    const { origin, index } = this;
    if (origin?.numbering === names) {
      const end = origin.firstInputs[index + 1] as number;
      for (let input = origin.firstInputs[index] as number; input < end; input++) {
        producers.push(origin.producers[input] as number);
      }
      return origin.names[index] as number;
    }
    for (const input of this.inputs) producers.push(names.number(inputNode(input)));
    return names.number(this.name);
  }

  #decoded(): NodeFields<Attribute> {
    this.#fields ??= this.#decodeFields();
    return this.#fields;
  }

  #decodeFields(): NodeFields<Attribute> {
    return this.#decoding(() => decodeFields(this.encoded as EncodedNode));
  }

  #decoding<T>(decode: () => T): T {
    return decoding(() => `Node '${this.name}' (${this.op})`, decode);
  }
}
