/** What an encoded TensorProto says of itself: type, shape, and how many values stand in which field. None is copied. */
import type protobuf from 'protobufjs/light.js';
import { payloadEnd, wireReader } from '../proto/wire-reader.js';
import { WireType } from '../proto/wire-schema.js';

export interface TensorLayout {
  readonly dtype: number;
  /** Sizes of the dimensions; undefined for an unknown rank. */
  readonly shape: readonly number[] | undefined;
  /** Bytes of `tensor_content`. */
  readonly contentLength: number;
  /** By field number: what stands in the repeated fields of the types. */
  readonly values: ReadonlyMap<number, ValueField>;
}

export interface ValueField {
  /** Elements that stand one by one. */
  single: number;
  /** The packed elements, or the elements of a field of bytes. */
  readonly payloads: Uint8Array[];
}

/** Field numbers. */
const fields = { dtype: 1, shape: 2, content: 4 } as const;
const shapeFields = { dim: 2, unknownRank: 3 } as const;
const dimFields = { size: 1 } as const;

/** @throws RangeError where the bytes are no TensorProto. */
export function tensorLayout(bytes: Uint8Array): TensorLayout {
  const reader = wireReader(bytes);
  const values = new Map<number, ValueField>();
  let dtype = 0;
  let shape: number[] | undefined = [];
  let contentLength = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = tag >>> 3;
    const wireType = tag & 7;
    if (field === fields.dtype && wireType === WireType.varint) dtype = reader.int32();
    else if (wireType !== WireType.bytes) {
      reader.skipType(wireType, 0, field);
      if (field > fields.content) valueField(values, field).single++;
    } else {
      const payload = takePayload(reader, bytes);
      if (field === fields.shape) shape = shapeOf(payload);
      else if (field === fields.content) contentLength = payload.length;
      else if (field > fields.content) valueField(values, field).payloads.push(payload);
    }
  }
  return { dtype, shape, contentLength, values };
}

function valueField(values: Map<number, ValueField>, field: number): ValueField {
  const known = values.get(field) ?? { single: 0, payloads: [] };
  values.set(field, known);
  return known;
}

function shapeOf(bytes: Uint8Array): number[] | undefined {
  const reader = wireReader(bytes);
  const sizes: number[] = [];
  let isUnknown = false;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === ((shapeFields.dim << 3) | WireType.bytes)) sizes.push(sizeOf(takePayload(reader, bytes)));
    else if (tag === shapeFields.unknownRank << 3) isUnknown = reader.bool();
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return isUnknown ? undefined : sizes;
}

function sizeOf(bytes: Uint8Array): number {
  const reader = wireReader(bytes);
  let size = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === dimFields.size << 3) size = Number(String(reader.int64()));
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return size;
}

function takePayload(reader: protobuf.Reader, bytes: Uint8Array): Uint8Array {
  const end = payloadEnd(reader);
  const payload = bytes.subarray(reader.pos, end);
  reader.pos = end;
  return payload;
}
