/**
 * One node of a graph. Name, op, inputs and device are decoded; attributes stay the bytes they were until a pass asks
 * for one. Nodes are immutable: an edit gives a new one, and a node that nobody edited is written as it was read.
 */
import { decoding } from '../proto/decoding.js';
import { readText, wireReader } from '../proto/wire-reader.js';
import { tag } from '../proto/wire-writer.js';
import {
  decodeFields,
  type EncodedNode,
  findAttribute,
  type NodeFields,
  namesOfAttributes,
  nodeFields,
} from './encoded-node.js';
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
}

const tags = {
  name: tag(nodeFields.name),
  op: tag(nodeFields.op),
  input: tag(nodeFields.input),
  device: tag(nodeFields.device),
} as const;

export class GraphNode {
  #fields: NodeFields<Attribute> | undefined;

  private constructor(
    readonly name: string,
    readonly op: string,
    readonly inputs: readonly string[],
    readonly device: string,
    /** The NodeDef as read, whose other fields are decoded when they are asked for. Undefined for an edited node. */
    readonly encoded: EncodedNode | undefined,
    fields: NodeFields<Attribute> | undefined,
  ) {
    this.#fields = fields;
  }

  /**
   * Decodes the NodeDef that fills bytes `start` to `end` of `source`, which must not change afterwards.
   * @throws RangeError where the bytes are no NodeDef.
   */
  static decode(source: Uint8Array, start: number, end: number): GraphNode {
    const reader = wireReader(source, start, end);
    let name = '';
    let op = '';
    let device = '';
    const inputs: string[] = [];
    while (reader.pos < end) {
      const next = reader.uint32();
      if (next === tags.name) name = readText(reader);
      else if (next === tags.op) op = readText(reader);
      else if (next === tags.input) inputs.push(readText(reader));
      else if (next === tags.device) device = readText(reader);
      else reader.skipType(next & 7, 0, next >>> 3);
    }
    return new GraphNode(name, op, inputs, device, { source, start, end }, undefined);
  }

  /** A node that stands for no bytes yet. */
  static create(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: ReadonlyMap<string, Attribute>,
  ): GraphNode {
    return new GraphNode(name, op, inputs, '', undefined, { attributes, rest: [] });
  }

  /** @throws PermafrostError GRAPH_MALFORMED, as does all that looks into the encoded node. */
  get attributes(): ReadonlyMap<string, Attribute> {
    return this.#decoded().attributes;
  }

  /** The encoded AttrValue of that name. */
  attribute(name: string): Uint8Array | undefined {
    const { encoded } = this;
    if (!this.#fields && encoded) return this.#decoding(() => findAttribute(encoded, name));
    const value = this.attributes.get(name);
    return value instanceof Uint8Array ? value : undefined;
  }

  /** Of the attributes that have a value; an AttrValue without any member has none. */
  attributeNames(): ReadonlySet<string> {
    const { encoded } = this;
    if (!this.#fields && encoded) return this.#decoding(() => namesOfAttributes(encoded));
    const hasValue = ([, value]: [string, Attribute]): boolean => !(value instanceof Uint8Array && value.length === 0);
    return new Set([...this.attributes].filter(hasValue).map(([name]) => name));
  }

  edit(changes: NodeEdit): GraphNode {
    return new GraphNode(
      changes.name ?? this.name,
      changes.op ?? this.op,
      changes.inputs ?? this.inputs,
      changes.device ?? this.device,
      undefined,
      { attributes: changes.attributes ?? this.attributes, rest: this.otherFields() },
    );
  }

  /** The fields that this model does not decode, as encoded. */
  otherFields(): readonly Uint8Array[] {
    return this.#decoded().rest;
  }

  #decoded(): NodeFields<Attribute> {
    this.#fields ??= this.#decoding(() => decodeFields(this.encoded as EncodedNode));
    return this.#fields;
  }

  #decoding<T>(decode: () => T): T {
    return decoding(() => `Node '${this.name}' (${this.op})`, decode);
  }
}
