import { WireType } from './wire-schema.js';

/** The tag of a field; by default of a length-delimited one. */
export function tag(field: number, wireType: WireType = WireType.bytes): number {
  return ((field << 3) | wireType) >>> 0;
}

/** Bytes of the shortest varint of a number from 0 to 2^53. */
export function varintSize(value: number): number {
  let size = 1;
  for (let left = value; left >= 0x80; left = Math.floor(left / 0x80)) size++;
  return size;
}

/** Bytes of a length-delimited field with its tag. */
export function fieldSize(field: number, length: number): number {
  return varintSize(tag(field)) + varintSize(length) + length;
}

/** Field numbers of the entries of every map. */
export const entryFields = { key: 1, value: 2 } as const;
