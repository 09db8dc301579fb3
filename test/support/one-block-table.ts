// Tables of one block, which is made by hand: with keys that share their beginnings, or compressed (docs/formats.md).
import { maskedCrc32c, varint } from './write-bundle.mjs';

/** What a block says of how it is compressed. */
export const plain = 0;
export const snappy = 1;

/** @param size of the whole file: what is missing stands behind the block, and nothing refers to it. */
export function oneBlockTable(block: Uint8Array, compression: number, size = 0): Buffer {
  const withTrailer = (contents: Uint8Array, type: number): Buffer => {
    const trailer = Buffer.from([type, 0, 0, 0, 0]);
    trailer.writeUInt32LE(maskedCrc32c(Buffer.concat([contents, trailer.subarray(0, 1)])), 1);
    return Buffer.concat([contents, trailer]);
  };
  const handle = (offset: number, length: number): Buffer => Buffer.concat([varint(offset), varint(length)]);
  const records = withTrailer(block, compression);
  const value = handle(0, block.length);
  const index = Buffer.concat([Buffer.from([0, 1, value.length, 0xff]), value, oneRestart]);
  const gap = Buffer.alloc(Math.max(size - records.length - index.length - 5 - 48, 0));
  const footer = Buffer.alloc(48);
  const place = handle(records.length + gap.length, index.length);
  Buffer.concat([place, place]).copy(footer);
  Buffer.from('57fb808b247547db', 'hex').copy(footer, 40);
  return Buffer.concat([records, gap, withTrailer(index, plain), footer]);
}

/** What a block ends with whose first key alone is whole. */
export const oneRestart = Buffer.from([0, 0, 0, 0, 1, 0, 0, 0]);

/** @param shared how much of the key before it an entry's key begins with. */
export function blockEntry(shared: number, rest: Uint8Array, value: Uint8Array): Buffer {
  return Buffer.concat([varint(shared), varint(rest.length), varint(value.length), rest, value]);
}

/** A Snappy stream, piece by piece. */
export class SnappyStream {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  /** @param bytes up to 65,536 */
  literal(bytes: Uint8Array): void {
    const last = bytes.length - 1;
    this.#parts.push(Buffer.from([61 << 2, last & 0xff, last >> 8]), bytes);
    this.#size += bytes.length;
  }

  /** @param distance back to what is repeated. */
  copy(distance: number, length: number): void {
    for (let left = length; left > 0; left -= 64) {
      this.#parts.push(Buffer.from([((Math.min(left, 64) - 1) << 2) | 2, distance & 0xff, distance >> 8]));
    }
    this.#size += length;
  }

  all(): Buffer {
    return Buffer.concat([varint(this.#size), ...this.#parts]);
  }
}
