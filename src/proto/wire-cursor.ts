import { wireReader } from './wire-reader.js';
import { WireType } from './wire-schema.js';

/** Goes over the fields of encoded messages, for what is done with every node: a reader that does little, and that fast. */
export class WireCursor {
  /** @param at where it stands; of the message, which ends at `end`. */
  constructor(
    private readonly source: Uint8Array,
    public at: number,
    private end: number,
  ) {}

  /** Goes to the start of a message. */
  enter(start: number, end: number): void {
    this.at = start;
    this.end = end;
  }

  /** Where the message ends. */
  get limit(): number {
    return this.end;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  /**
   * A tag or a length.
   * @throws RangeError where it passes the end, or is longer than any.
   */
  varint(): number {
    const { source, end } = this;
    let at = this.at;
    // As nearly all have one byte.
    const first = at < end ? (source[at] as number) : 0x80;
    if (first < 0x80) {
      this.at = at + 1;
      return first;
    }
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (at >= end) throw new RangeError(`a number passes the end of its message at byte ${end}`);
      const byte = source[at++] as number;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.at = at;
        return value >>> 0;
      }
    }
    throw new RangeError(`a number without an end at byte ${this.at}`);
  }

  /**
   * Reads a length and gives where its payload ends.
   * @throws RangeError where that is past the end of what is being read.
   */
  payloadEnd(): number {
    const length = this.varint();
    const end = this.at + length;
    if (end > this.end) throw new RangeError(`length ${length} passes the end of its message`);
    return end;
  }

  /** Reads a length, and gives a cursor over the message that follows. */
  message(): WireCursor {
    const end = this.payloadEnd();
    const message = new WireCursor(this.source, this.at, end);
    this.at = end;
    return message;
  }

  /** A number that may be negative. Beyond 2^53 it is rounded. */
  int64(): number {
    const parts = [0, 0, 0];
    for (let place = 0; place < 10; place++) {
      if (this.at >= this.end) throw new RangeError(`a number passes the end of its message at byte ${this.end}`);
      const byte = this.source[this.at++] as number;
      // Four bytes of seven bits make a part; the last has eight bits, and the sign.
      const part = Math.floor(place / 4);
      parts[part] = (parts[part] as number) | ((byte & 0x7f) << (7 * (place % 4)));
      if (byte < 0x80)
        return (((parts[2] as number) << 24) >> 24) * 2 ** 56 + (parts[1] as number) * 2 ** 28 + (parts[0] as number);
    }
    throw new RangeError(`a number without an end at byte ${this.at}`);
  }

  /** What follows a tag. */
  skip(tag: number): void {
    if ((tag & 7) === WireType.bytes && tag >>> 3 > 0) this.at = this.payloadEnd();
    else {
      const reader = wireReader(this.source, this.at, this.end);
      reader.skipType(tag & 7, 0, tag >>> 3);
      this.at = reader.pos;
    }
  }
}
