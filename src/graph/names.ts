/**
 * Numbers for the names of nodes. All graphs that come of one file share them, so where an input comes from is looked up
 * once, however many passes ask. A name that no node has, as that of a function's argument, has a number too.
 *
 * A name stands in the file for its node and once more for each input from there. They are told apart by those bytes, in
 * an open hash table, so that no input needs a text of its own. What comes up later, in edits, goes into a map.
 */
import { beyond, limits } from '../limits.js';
import { asBuffer } from '../proto/as-buffer.js';
import { isText } from '../proto/wire-reader.js';

/** Names that need more steps were chosen to fall together; they go into the map, which does not mind. */
const maxSteps = 64;

/** Bytes; longer names go into the map too. */
const maxLength = 4096;

const colon = ':'.charCodeAt(0);

/** For a name that is looked up by its text, with room for the bytes of one character too many. */
const written = Buffer.alloc(maxLength + 4);

export class Names {
  #size = 0;
  /** By number: bytes `#starts[i]` to `#ends[i]` of the source, and their hash. What comes into the map comes after all of these. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #hashes: number[] = [];
  /** Numbers plus one, at the places of their hashes or behind them; 0 is free. At most a quarter are taken, so few steps do. */
  #slots: Int32Array;
  #others: Map<string, number> | undefined;
  /** By number, as far as they were asked for. */
  readonly #texts: (string | undefined)[] = [];
  /** Numbers of names that are empty, or have anything but printable ASCII. */
  #special: Set<number> | undefined;

  readonly #source: Buffer;

  /**
   * @param source the bytes that names stand in; must not change afterwards.
   * @param expected how many they may be.
   */
  constructor(source: Uint8Array, expected: number) {
    this.#source = asBuffer(source);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(4 * Math.max(expected, 4))));
  }

  /** All numbers are below. */
  get size(): number {
    return this.#size;
  }

  /**
   * The name that is bytes `start` to `end` of the source. One that is new gets the next number.
   * @throws RangeError where they are not UTF-8; PermafrostError LIMIT_EXCEEDED
   */
  numberAt(start: number, end: number): number {
    return this.#numberAt(start, end, hashOf(this.#source, start, end));
  }

  /** The same for a name that a colon may end before. */
  numberBeforeColon(start: number, limit: number): number {
    const source = this.#source;
    let hash = 0;
    let end = start;
    for (; end < limit && source[end] !== colon; end++) hash = withByte(hash, source[end] as number);
    return this.#numberAt(start, end, mixed(hash, end - start));
  }

  #numberAt(start: number, end: number, hash: number): number {
    const source = this.#source;
    const slot = this.#slotOf(source, start, end, hash);
    const known = slot < 0 ? 0 : (this.#slots[slot] as number);
    if (known > 0) return known - 1;
    if (slot < 0) refuseLongName('A node', source, start, end);
    const isSpecial = !isPrintable(source, start, end);
    if (isSpecial && !isText(source, start, end)) throw new RangeError('text that is not UTF-8');
    if (slot < 0 || this.#others) return this.number(source.toString('utf8', start, end));
    const number = this.#add(start, end, hash);
    if (isSpecial) this.#addSpecial(number);
    this.#slots[slot] = number + 1;
    if (this.size * 4 > this.#slots.length) this.#grow();
    return number;
  }

  /** A name that is new gets the next number. */
  number(name: string): number {
    const known = this.find(name);
    if (known >= 0) return known;
    const number = this.#size++;
    this.#texts[number] = name;
    if (!/^[ -~]+$/.test(name)) this.#addSpecial(number);
    this.#addOther(name, number);
    return number;
  }

  /** -1 for a name that never came up. */
  find(name: string): number {
    const other = this.#others?.get(name);
    // A graph that comes of no file has all of its names in the map.
    if (other !== undefined || this.#others?.size === this.size) return other ?? -1;
    return this.#findInTable(written, 0, written.write(name));
  }

  /** The same for the name that is bytes `start` to `end` of something, without making a text of them where it need not be. */
  findAt(bytes: Uint8Array, start: number, end: number): number {
    const known = this.#findInTable(bytes, start, end);
    if (known >= 0 || !this.#others) return known;
    return this.#others.get(Buffer.from(bytes.subarray(start, end)).toString('utf8')) ?? -1;
  }

  /** The name of that number. */
  text(number: number): string {
    this.#texts[number] ??= this.#source.toString('utf8', this.#starts[number], this.#ends[number]);
    return this.#texts[number];
  }

  /** Whether it is empty, or has anything but printable ASCII. */
  isSpecial(number: number): boolean {
    return this.#special?.has(number) === true;
  }

  #addOther(name: string, number: number): void {
    this.#others ??= new Map();
    this.#others.set(name, number);
  }

  #addSpecial(number: number): void {
    this.#special ??= new Set();
    this.#special.add(number);
  }

  #findInTable(bytes: Uint8Array, start: number, end: number): number {
    const slot = this.#slotOf(bytes, start, end, hashOf(bytes, start, end));
    return slot < 0 ? -1 : (this.#slots[slot] as number) - 1;
  }

  #add(start: number, end: number, hash: number): number {
    this.#starts.push(start);
    this.#ends.push(end);
    this.#hashes.push(hash);
    return this.#size++;
  }

  /** Where a name's number is, or where it goes; -1: not into the table. */
  #slotOf(bytes: Uint8Array, start: number, end: number, hash: number): number {
    if (end - start > maxLength) return -1;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let step = 0; step < maxSteps; step++) {
      const slot = (hash + step) & mask;
      const number = (slots[slot] as number) - 1;
      if (number < 0 || (this.#hashes[number] === hash && this.#isAt(number, bytes, start, end))) return slot;
    }
    return -1;
  }

  #isAt(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const source = this.#source;
    const first = this.#starts[number] as number;
    if (this.#ends[number] !== first + end - start) return false;
    for (let at = start; at < end; at++) if (bytes[at] !== source[first + at - start]) return false;
    return true;
  }

  #grow(): void {
    const known = this.#slots.filter((each) => each > 0);
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (const each of known) {
      const [start, end] = [this.#starts[each - 1] as number, this.#ends[each - 1] as number];
      const slot = this.#slotOf(this.#source, start, end, this.#hashes[each - 1] as number);
      if (slot < 0) this.#addOther(this.#source.toString('utf8', start, end), each - 1);
      else this.#slots[slot] = each;
    }
  }
}

/** Whether there is something, and all of it is printable ASCII. */
function isPrintable(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] as number) < 0x20 || (bytes[at] as number) > 0x7e) return false;
  return start < end;
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at++) hash = withByte(hash, bytes[at] as number);
  return mixed(hash, end - start);
}

function withByte(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

function mixed(hash: number, length: number): number {
  const sum = Math.imul(hash ^ (hash >>> 15) ^ length, 0x85eb_ca6b);
  return sum ^ (sum >>> 13);
}

/** @throws PermafrostError LIMIT_EXCEEDED for bytes `start` to `end`. */
export function refuseLongName(what: string, source: Buffer, start: number, end: number): void {
  const { nameBytes } = limits();
  if (end - start <= nameBytes) return;
  const shown = source.toString('utf8', start, start + 40);
  throw beyond(
    'nameBytes',
    `${what} has a name of ${end - start} bytes, and no more than ${nameBytes} are taken ('${shown}…')`,
  );
}
