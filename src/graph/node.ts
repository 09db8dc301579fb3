/**
 * One node of a graph. Op and device are decoded; name, inputs and attributes stay the bytes they were until a pass asks
 * for one. Nodes are immutable: an edit gives a new one, which knows what has changed since its bytes were read, and a
 * node that nobody edited is written as it was read.
 */
import { isUint8Array } from 'node:util/types';
import { decoding, undecodable } from '../proto/decoding.js';
import { inputNode, parseInput } from './edges.js';
import { decodeAttributes, type EncodedNode } from './encoded-node.js';
import type { EncodedNodes, ValueVisit } from './encoded-nodes.js';
import type { Names } from './names.js';
import type { StoredTensor } from './stored-tensor.js';

/** The encoded AttrValue; or a tensor of the checkpoint, whose bytes only the native core will read. */
export type Attribute = Uint8Array | StoredTensor;

export type Attributes = ReadonlyMap<string, Attribute>;

/** Attributes to set; undefined: to take away. */
export type AttributeChanges = Readonly<Record<string, Attribute | undefined>>;

export interface NodeEdit {
  readonly name?: string;
  readonly op?: string;
  readonly inputs?: readonly string[];
  readonly device?: string;
  /** Replaces all attributes. */
  readonly attributes?: Attributes;
  /** Changes some. */
  readonly set?: AttributeChanges;
}

/** What of a node is not as it was read, besides name, op and device. */
export interface Edited {
  /** Undefined: as they were read. */
  readonly inputs: readonly string[] | undefined;
  /** In the place of those that were read; undefined: no others. */
  readonly attributes: Attributes | undefined;
  /** On top of those. */
  readonly set: AttributeChanges;
}

const nothing: AttributeChanges = {};

const asRead: Edited = { inputs: undefined, attributes: undefined, set: nothing };

/** Of all nodes of which nothing but the device changed: there may be very many. */
const moved: Edited = { ...asRead };

export class GraphNode {
  #inputs: readonly string[] | undefined;
  #attributes: Attributes | undefined;

  private constructor(
    /** Undefined: as it was read. */
    private readonly ownName: string | undefined,
    readonly op: string,
    readonly device: string,
    /** Where it was read; undefined for a new node. */
    private readonly origin: EncodedNodes | undefined,
    /** Which of the nodes there. */
    private readonly index: number,
    /** Undefined for a node that nobody edited. */
    readonly edited: Edited | undefined,
  ) {}

  /**
   * Decodes the NodeDef that fills bytes `start` to `end` of the source of `nodes`.
   * @throws RangeError where the bytes are no NodeDef.
   */
  static decode(nodes: EncodedNodes, start: number, end: number): GraphNode {
    const { op, device } = nodes.add(start, end);
    return new GraphNode(undefined, op, device, nodes, nodes.ends.length - 1, undefined);
  }

  /** A node that stands for no bytes yet. @param set more attributes. */
  static create(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: Attributes,
    set: AttributeChanges = nothing,
  ): GraphNode {
    return new GraphNode(name, op, '', undefined, -1, { inputs, attributes, set });
  }

  get name(): string {
    return this.ownName ?? (this.origin as EncodedNodes).name(this.index);
  }

  get isNamedAsRead(): boolean {
    return this.ownName === undefined;
  }

  /** Whether it was read, and nothing but its device has changed since. */
  get isMovedOnly(): boolean {
    return this.edited === moved;
  }

  /** The NodeDef as read; undefined for an edited node. */
  get encoded(): EncodedNode | undefined {
    return this.edited ? undefined : this.read;
  }

  /** The NodeDef as it was read, before any edit. */
  get read(): EncodedNode | undefined {
    return this.origin?.node(this.index);
  }

  get inputs(): readonly string[] {
    this.#inputs ??= this.edited?.inputs ?? this.#decoding(() => (this.origin as EncodedNodes).inputs(this.index));
    return this.#inputs;
  }

  /** @throws PermafrostError GRAPH_MALFORMED, as does all that looks into the encoded node. */
  get attributes(): Attributes {
    this.#attributes ??= this.#allAttributes();
    return this.#attributes;
  }

  get(name: string): Attribute | undefined {
    const { edited } = this;
    if (edited && (edited.attributes || Object.hasOwn(edited.set, name))) return this.getEdited(name);
    try {
      return this.origin?.attribute(this.index, name);
    } catch (error) {
      throw undecodable(this.#description, error);
    }
  }

  /** As far as an edit has said what it is. A tensor of the checkpoint can be nothing else. */
  getEdited(name: string): Attribute | undefined {
    const { set = nothing, attributes } = this.edited ?? {};
    return Object.hasOwn(set, name) ? set[name] : attributes?.get(name);
  }

  /** The encoded AttrValue of that name. */
  attribute(name: string): Uint8Array | undefined {
    const value = this.get(name);
    return isUint8Array(value) ? value : undefined;
  }

  /** Visits the encoded values, without a map of them, which a node would keep. One that stands twice in the file comes twice. */
  forEachValue(visit: ValueVisit): void {
    const { attributes, set = nothing } = this.edited ?? {};
    const changed = Object.keys(set);
    if (attributes) {
      for (const [name, value] of attributes) if (!changed.includes(name)) visitBytes(value, visit);
    } else this.#decoding(() => this.origin?.forEachValue(this.index, changed, visit));
    for (const name of changed) visitBytes(set[name], visit);
  }

  edit(changes: NodeEdit): GraphNode {
    return new GraphNode(
      changes.name ?? this.ownName,
      changes.op ?? this.op,
      changes.device ?? this.device,
      this.origin,
      this.index,
      this.#edit(changes),
    );
  }

  #edit(changes: NodeEdit): Edited {
    const { name, op, inputs, attributes } = changes;
    const isMove = name === undefined && op === undefined && !inputs && !attributes && !changes.set;
    if (isMove) return this.edited ?? moved;
    const edited = this.edited ?? asRead;
    const set = attributes ? nothing : edited.set;
    return {
      inputs: inputs ?? edited.inputs,
      attributes: attributes ?? edited.attributes,
      set: changes.set ? { ...set, ...changes.set } : set,
    };
  }

  /**
   * Numbers the name, and those that the inputs come from.
   * @param producers gets the number of each input's name at its end.
   * @returns the number of the node's own name.
   */
  wire(names: Names, producers: number[]): number {
    const { origin, index, edited } = this;
    const known = origin?.numbering === names ? origin : undefined;
    if (!known || edited?.inputs) for (const input of this.inputs) producers.push(names.number(inputNode(input)));
    else known.wire(index, producers);
    return !known || this.ownName !== undefined ? names.number(this.name) : (known.names[index] as number);
  }

  /** Appends for each input which output it is, -1 for one of control. Not for a function's body, where outputs have names. */
  ports(ports: number[]): void {
    if (!this.edited?.inputs && this.origin) this.origin.ports(this.index, ports);
    else for (const input of this.inputs) ports.push(parseInput(input).port);
  }

  #allAttributes(): Attributes {
    const { attributes: replaced, set = nothing } = this.edited ?? {};
    const attributes = new Map<string, Attribute>(
      replaced ?? this.#decoding(() => decodeAttributes(this.read as EncodedNode)),
    );
    for (const [name, value] of Object.entries(set)) {
      if (value === undefined) attributes.delete(name);
      else attributes.set(name, value);
    }
    return attributes;
  }

  #decoding<T>(decode: () => T): T {
    return decoding(() => this.#description, decode);
  }

  get #description(): string {
    return `Node '${this.name}' (${this.op})`;
  }
}

function visitBytes(value: Attribute | undefined, visit: ValueVisit): void {
  if (isUint8Array(value)) visit(value, 0, value.length);
}
