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

/** Whether bytes from `at` on are the tag and the length of a length-delimited field, as short as can be. */
export function isHeadAt(bytes: Uint8Array, at: number, field: number, length: number): boolean {
  return isVarintAt(bytes, at, tag(field)) && isVarintAt(bytes, at + varintSize(tag(field)), length);
}

function isVarintAt(bytes: Uint8Array, start: number, value: number): boolean {
  let at = start;
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) if (bytes[at++] !== ((left % 0x80) | 0x80)) return false;
  return bytes[at] === left;
}

/** Field numbers of the entries of every map. */
export const entryFields = { key: 1, value: 2 } as const;
