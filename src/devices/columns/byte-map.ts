/** What is known of bytes that come again and again. No text is made of them to look it up. */
import { asBuffer } from '../../proto/as-buffer.js';

export class ByteMap<Value> {
  readonly #byHash = new Map<number, { readonly bytes: Uint8Array; readonly value: Value }>();
  /** Of bytes whose hash others have too: they may have been chosen so. */
  readonly #others = new Map<string, Value>();

  /** @param make for bytes that never came up; they must not change afterwards. */
  get(bytes: Uint8Array, make: () => Value): Value {
    const hash = hashOf(bytes);
    const known = this.#byHash.get(hash);
    if (known) return areEqual(known.bytes, bytes) ? known.value : this.#other(bytes, make);
    const value = make();
    this.#byHash.set(hash, { bytes, value });
    return value;
  }

  #other(bytes: Uint8Array, make: () => Value): Value {
    const key = asBuffer(bytes).toString('latin1');
    const known = this.#others.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.#others.set(key, value);
    return value;
  }
}

function hashOf(bytes: Uint8Array): number {
  let hash = 0;
  for (const byte of bytes) hash = (Math.imul(hash, 31) + byte) | 0;
  return hash;
}

function areEqual(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, at) => byte === second[at]);
}
