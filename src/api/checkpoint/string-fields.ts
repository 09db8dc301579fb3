import { newElement } from './elements.js';

/** Cuts strings out of the stretches of bytes that the core gives them in: the fields `string_val` of a TensorProto. */
export class StringFields {
  /** How many bytes of the next element's tag and length have come. */
  #headBytes = 0;
  #length = 0;
  /** The element that is coming in. */
  #element: Uint8Array | undefined;
  #filled = 0;

  /** @param key of the tensor, for messages. */
  constructor(private readonly key: string) {}

  /**
   * The elements that end in these bytes; they have memory of their own.
   * @throws PermafrostError OUT_OF_MEMORY
   */
  *take(bytes: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length; ) {
      const element = this.#element ?? this.#begin(bytes[at++] as number);
      if (!element) continue;
      const part = bytes.subarray(at, at + element.length - this.#filled);
      element.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < element.length) continue;
      this.#element = undefined;
      yield element;
    }
  }

  /** Room for the element, where the byte is the last before it. */
  #begin(byte: number): Uint8Array | undefined {
    // The first byte is the tag.
    if (this.#headBytes > 0) this.#length += (byte & 0x7f) * 2 ** (7 * (this.#headBytes - 1));
    this.#headBytes++;
    if (this.#headBytes === 1 || byte >= 0x80) return undefined;
    this.#element = newElement(this.key, this.#length);
    this.#filled = 0;
    this.#headBytes = 0;
    this.#length = 0;
    return this.#element;
  }
}
