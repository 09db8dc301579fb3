import protobuf from 'protobufjs/light.js';
import { WireType } from './wire-schema.js';

/** The tag of a field; by default of a length-delimited one. */
export function tag(field: number, wireType: WireType = WireType.bytes): number {
  return ((field << 3) | wireType) >>> 0;
}

/** Tag and length of a length-delimited field. */
export function fieldHead(field: number, length: number): Uint8Array {
  return protobuf.Writer.create().uint32(tag(field)).uint64(length).finish();
}

/** Field numbers of the entries of every map. */
export const entryFields = { key: 1, value: 2 } as const;
