import { WireType } from './wire-schema.js';
import { tag } from './wire-writer.js';

/** Up to this length, ASCII is put down sooner than the system is called. */
const shortText = 64;

/** Writes one message after the other into the same buffer: for those of which there are many. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(1 << 12);
  #end = 0;

  /** Begins a message. */
  start(): this {
    this.#end = 0;
    return this;
  }

  /** @param value whole, from 0 to 2^53. */
  varint(value: number): this {
    this.#reserve(8);
    let left = value;
    // Bitwise operators would cut it off at 32 bits.
    for (; left >= 0x80; left = Math.floor(left / 0x80)) this.#bytes[this.#end++] = (left % 0x80) | 0x80;
    this.#bytes[this.#end++] = left;
    return this;
  }

  number(field: number, value: number): this {
    return this.varint(tag(field, WireType.varint)).varint(value);
  }

  /** Tag and length of a length-delimited field. */
  head(field: number, length: number): this {
    return this.varint(tag(field)).varint(length);
  }

  text(field: number, text: string): this {
    const length = Buffer.byteLength(text);
    this.head(field, length).#reserve(length);
    if (length === text.length && length < shortText) {
      for (let at = 0; at < length; at++) this.#bytes[this.#end++] = text.charCodeAt(at);
    } else this.#end += this.#bytes.write(text, this.#end);
    return this;
  }

  bytes(field: number, payload: Uint8Array): this {
    return this.head(field, payload.length).raw(payload);
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
    return this;
  }

  /** Bytes `start` to `end` of something. */
  copy(source: Buffer, start: number, end: number): this {
    this.#reserve(end - start);
    this.#end += source.copy(this.#bytes, this.#end, start, end);
    return this;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#end;
  }

  /** Puts the message down elsewhere. */
  copyTo(target: Uint8Array, at: number): void {
    this.#bytes.copy(target, at, 0, this.#end);
  }

  /** The message, until the next one is begun. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  /** The message. */
  finish(): Uint8Array {
    return Buffer.from(this.#bytes.subarray(0, this.#end));
  }

  #reserve(more: number): void {
    const needed = this.#end + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}
