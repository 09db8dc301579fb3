/** Which of the protobuf messages that people pass around a binary file holds, told by its first fields. */
import type protobuf from 'protobufjs/light.js';
import { asBuffer } from '../proto/as-buffer.js';
import { wireReader } from '../proto/wire-reader.js';
import { WireType } from '../proto/wire-schema.js';

export type ProtobufKind = 'graph' | 'meta-graph' | 'saver' | 'saved-model' | 'onnx';

interface Field {
  readonly number: number;
  readonly wireType: number;
  /** Of a length-delimited field: as much of its payload as there is. */
  readonly payload: Uint8Array;
}

/** Where the first field of a message ends, if it is length-delimited. */
export function endOfFirstField(head: Uint8Array): number | undefined {
  const reader = wireReader(head);
  try {
    return (reader.uint32() & 7) === WireType.bytes ? reader.uint32() + reader.pos : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param head the first bytes of the file.
 * @param second the bytes after its first field, where that field passes the head; else empty.
 * @param size of the whole file, in bytes: no field may be longer.
 */
export function protobufKind(head: Uint8Array, second: Uint8Array, size: number): ProtobufKind | undefined {
  const first64 = readFields(head, size, 64);
  if (!first64) return undefined;
  const fields = [...first64, ...(readFields(second, size, 64) ?? [])];
  const first = (number: number, wireType: number): Field | undefined =>
    fields.find((field) => field.number === number && field.wireType === wireType);
  const one = first(1, WireType.bytes);
  const two = first(2, WireType.bytes);
  if (first(1, WireType.varint) && two) {
    // SavedModel.meta_graphs against ONNX's producer_name.
    return /^[\x20-\x7e]+$/.test(latin1(two.payload)) ? 'onnx' : 'saved-model';
  }
  if (one && isNode(one.payload)) return 'graph';
  if (one && two && first(3, WireType.bytes) && /^[\x20-\x7e]+$/.test(latin1(one.payload))) return 'saver';
  // MetaGraphDef.graph_def against GraphDef.library.
  if (two && readFields(two.payload, size, 1)?.some((field) => field.number === 1 && isNode(field.payload))) {
    return 'meta-graph';
  }
  if (two || first(4, WireType.bytes)) return one ? undefined : 'graph';
  return undefined;
}

/** A NodeDef has a name and the name of an op, which is an identifier. */
function isNode(payload: Uint8Array): boolean {
  const fields = readFields(payload, Number.MAX_SAFE_INTEGER, 64) ?? [];
  const text = (number: number): string => {
    const field = fields.find((each) => each.number === number && each.wireType === WireType.bytes);
    return field ? latin1(field.payload) : '';
  };
  return text(1) !== '' && /^[A-Za-z_][\w>.]*$/.test(text(2));
}

/** The first `limit` fields, or those that begin within `bytes`; undefined where the bytes are no message. */
function readFields(bytes: Uint8Array, size: number, limit: number): Field[] | undefined {
  const reader = wireReader(bytes);
  const fields: Field[] = [];
  while (reader.pos < bytes.length && fields.length < limit) {
    const start = reader.pos;
    try {
      const tag = reader.uint32();
      const number = tag >>> 3;
      const wireType = tag & 7;
      if (number === 0) return undefined;
      fields.push({ number, wireType, payload: readPayload(reader, wireType, number, size) });
    } catch {
      // Cut off by the end of the head, or nonsense: only the very first field must be whole enough to be told.
      return start === 0 ? undefined : fields;
    }
  }
  return fields;
}

function readPayload(reader: protobuf.Reader, wireType: number, number: number, size: number): Uint8Array {
  if (wireType !== WireType.bytes) {
    reader.skipType(wireType, 0, number);
    return new Uint8Array(0);
  }
  const length = reader.uint32();
  if (length > size - reader.pos) throw new RangeError('field longer than the file');
  const payload = reader.buf.subarray(reader.pos, Math.min(reader.pos + length, reader.len));
  reader.pos += length;
  return payload;
}

function latin1(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}
