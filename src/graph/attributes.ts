/** Attribute values, decoded when a pass asks for one, and the few that passes write. */
import protobuf from 'protobufjs/light.js';
import { decoding } from '../proto/decoding.js';
import { type AttrValue, messageType, type TensorShapeProto } from '../proto/types.js';
import { WireType } from '../proto/wire-schema.js';
import { tag } from '../proto/wire-writer.js';
import type { GraphNode } from './node.js';

/** Field numbers of AttrValue's members. */
const fields = { list: 1, bytes: 2, int: 3, bool: 5, type: 6 } as const;

/** Field number of the types in a list. */
const listedTypes = 6;

const bytesTag = tag(fields.bytes);
const typeTag = tag(fields.type, WireType.varint);
const listTag = tag(fields.list);
const listedTypesTag = tag(listedTypes);

/** @throws PermafrostError GRAPH_MALFORMED where the bytes are no AttrValue. */
export function readAttribute(node: GraphNode, name: string): AttrValue | undefined {
  const bytes = node.attribute(name);
  if (!bytes) return undefined;
  return decodingAttribute(node, name, () => messageType('AttrValue').decode(bytes) as AttrValue);
}

/** @throws PermafrostError GRAPH_MALFORMED, which names the attribute, where `decode` cannot go on. */
export function decodingAttribute<T>({ name: owner, op }: GraphNode, name: string, decode: () => T): T {
  return decoding(() => `Attribute '${name}' of node '${owner}' (${op})`, decode);
}

/** The sizes of a shape's dimensions, -1 for one that is open; none where there is no shape. */
export function shapeSizes(shape: TensorShapeProto | null | undefined): number[] {
  return (shape?.dim ?? []).map(({ size }) => size?.toNumber() ?? 0);
}

/** The DataType number in a type attribute; 0 (DT_INVALID) where there is none. */
export function readType(node: GraphNode, name: string): number {
  const bytes = node.attribute(name);
  // As nearly all are written; any other form is decoded like any other attribute.
  if (bytes?.length === 2 && bytes[0] === typeTag && (bytes[1] as number) < 0x80) return bytes[1] as number;
  return readAttribute(node, name)?.type ?? 0;
}

/** By type: one for all nodes of a graph. */
const typeAttributes: (Uint8Array | undefined)[] = [];

export function typeAttribute(dtype: number): Uint8Array {
  // DataTypes have numbers below; a damaged graph may have any.
  if (dtype >= 0x80) return encodedType(dtype);
  typeAttributes[dtype] ??= encodedType(dtype);
  return typeAttributes[dtype];
}

function encodedType(dtype: number): Uint8Array {
  return protobuf.Writer.create().uint32(typeTag).uint32(dtype).finish();
}

/** The DataType numbers in a list of types; none where there is no such attribute. */
export function readTypes(node: GraphNode, name: string): readonly number[] {
  const bytes = node.attribute(name);
  if (!bytes) return [];
  // As nearly all are written, in less than 128 bytes and without references.
  const isPlain =
    bytes.length < 0x82 &&
    bytes[0] === listTag &&
    bytes[2] === listedTypesTag &&
    bytes[1] === bytes.length - 2 &&
    bytes[3] === bytes.length - 4 &&
    bytes.subarray(4).every((type) => type < 0x80);
  return isPlain ? [...bytes.subarray(4)] : (readAttribute(node, name)?.list?.type ?? []);
}

/** The bytes of a text attribute; undefined where there is none. */
export function readBytes(node: GraphNode, name: string): Uint8Array | undefined {
  const bytes = node.attribute(name);
  const length = bytes?.[1] ?? 0;
  if (bytes?.[0] === bytesTag && length < 0x80 && bytes.length === length + 2) return bytes.subarray(2);
  return readAttribute(node, name)?.s;
}

export function typesAttribute(dtypes: readonly number[]): Uint8Array {
  return messageType('AttrValue')
    .encode({ list: { type: dtypes } })
    .finish();
}

/** @param sizes -1 for one that is open; undefined where the rank is open too. */
export function shapeAttribute(sizes: readonly number[] | undefined): Uint8Array {
  const shape = sizes ? { dim: sizes.map((size) => ({ size })) } : { unknown_rank: true };
  return messageType('AttrValue').encode({ shape }).finish();
}

export function textAttribute(text: string): Uint8Array {
  return messageType('AttrValue')
    .encode({ s: Buffer.from(text) })
    .finish();
}

export function intAttribute(value: number): Uint8Array {
  return protobuf.Writer.create().uint32(tag(fields.int, WireType.varint)).int64(value).finish();
}

export function boolAttribute(value: boolean): Uint8Array {
  return protobuf.Writer.create().uint32(tag(fields.bool, WireType.varint)).bool(value).finish();
}

/** A scalar's TensorProto, of a type and with the field that this type's values go to. */
export function scalarAttribute(tensor: {
  readonly dtype: number;
  readonly [field: `${string}_val`]: readonly unknown[];
}): Uint8Array {
  return messageType('AttrValue')
    .encode({ tensor: { ...tensor, tensor_shape: {} } })
    .finish();
}
