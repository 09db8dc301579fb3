/**
 * One node of a graph. Name, op, inputs and device are decoded; attributes stay the bytes they were until a pass asks
 * for one. Nodes are immutable: an edit gives a new one, and a node that nobody edited is written as it was read.
 */
import type protobuf from 'protobufjs/light.js';
import { payloadEnd, wireReader } from '../proto/wire-reader.js';
import { WireType } from '../proto/wire-schema.js';
import type { StoredTensor } from './stored-tensor.js';

/** The encoded AttrValue; or a tensor of the checkpoint, whose bytes only the native core will read. */
export type Attribute = Uint8Array | StoredTensor;

export interface NodeEdit {
  readonly op?: string;
  readonly inputs?: readonly string[];
  readonly device?: string;
  /** Replaces all attributes. */
  readonly attributes?: ReadonlyMap<string, Attribute>;
}

/** Bytes `start` to `end` of `source`. */
interface EncodedNode {
  readonly source: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Field numbers of NodeDef. */
export const nodeFields = { name: 1, op: 2, input: 3, device: 4, attr: 5 } as const;

const attrTag = (nodeFields.attr << 3) | WireType.bytes;

export class GraphNode {
  #attributes: ReadonlyMap<string, Attribute> | undefined;

  private constructor(
    readonly name: string,
    readonly op: string,
    readonly inputs: readonly string[],
    readonly device: string,
    /** The NodeDef as read. Undefined for an edited node. */
    readonly encoded: EncodedNode | undefined,
    /** Fields beyond the attributes (debug info, unknown ones), encoded with their tags. */
    private readonly rest: readonly Uint8Array[],
    attributes: ReadonlyMap<string, Attribute> | undefined,
  ) {
    this.#attributes = attributes;
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
      const tag = reader.uint32();
      if (tag === ((nodeFields.name << 3) | WireType.bytes)) name = reader.string();
      else if (tag === ((nodeFields.op << 3) | WireType.bytes)) op = reader.string();
      else if (tag === ((nodeFields.input << 3) | WireType.bytes)) inputs.push(reader.string());
      else if (tag === ((nodeFields.device << 3) | WireType.bytes)) device = reader.string();
      else reader.skipType(tag & 7, 0, tag >>> 3);
    }
    return new GraphNode(name, op, inputs, device, { source, start, end }, [], undefined);
  }

  /** A node that stands for no bytes yet. */
  static create(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: ReadonlyMap<string, Attribute>,
  ): GraphNode {
    return new GraphNode(name, op, inputs, '', undefined, [], attributes);
  }

  get attributes(): ReadonlyMap<string, Attribute> {
    this.#attributes ??= decodeFields(this.encoded as EncodedNode).attributes;
    return this.#attributes;
  }

  /** The encoded AttrValue of that name. */
  attribute(name: string): Uint8Array | undefined {
    if (!this.#attributes && this.encoded) return findAttribute(this.encoded, name);
    const value = this.attributes.get(name);
    return value instanceof Uint8Array ? value : undefined;
  }

  edit(changes: NodeEdit): GraphNode {
    return new GraphNode(
      this.name,
      changes.op ?? this.op,
      changes.inputs ?? this.inputs,
      changes.device ?? this.device,
      undefined,
      this.otherFields(),
      changes.attributes ?? this.attributes,
    );
  }

  /** The fields that this model does not decode, as encoded. */
  otherFields(): readonly Uint8Array[] {
    return this.encoded ? decodeFields(this.encoded).rest : this.rest;
  }
}

/** The last one counts, as in a map. Most nodes are asked for one attribute, which is not worth a map of all. */
function findAttribute({ source, start, end }: EncodedNode, name: string): Uint8Array | undefined {
  const reader = wireReader(source, start, end);
  let found: AttributeEntry | undefined;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === attrTag) {
      const entry = readEntry(reader);
      if (entry.key === name) found = entry;
    } else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return found && source.subarray(found.start, found.end);
}

function decodeFields({ source, start, end }: EncodedNode): {
  attributes: Map<string, Uint8Array>;
  rest: Uint8Array[];
} {
  const reader = wireReader(source, start, end);
  const attributes = new Map<string, Uint8Array>();
  const rest: Uint8Array[] = [];
  while (reader.pos < end) {
    const fieldStart = reader.pos;
    const tag = reader.uint32();
    if (tag === attrTag) {
      const entry = readEntry(reader);
      attributes.set(entry.key, source.subarray(entry.start, entry.end));
    } else {
      reader.skipType(tag & 7, 0, tag >>> 3);
      const number = tag >>> 3;
      if (number > nodeFields.attr || (tag & 7) !== WireType.bytes) rest.push(source.subarray(fieldStart, reader.pos));
    }
  }
  return { attributes, rest };
}

/** The key of an attribute, and where its value begins and ends. */
interface AttributeEntry {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

function readEntry(reader: protobuf.Reader): AttributeEntry {
  const entryEnd = payloadEnd(reader);
  let key = '';
  let start = 0;
  let end = 0;
  while (reader.pos < entryEnd) {
    const tag = reader.uint32();
    if (tag === 10) key = reader.string();
    else if (tag === 18) {
      end = payloadEnd(reader);
      start = reader.pos;
      reader.pos = end;
    } else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return { key, start, end };
}
