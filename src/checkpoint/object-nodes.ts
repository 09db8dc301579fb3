/** The objects of an object graph, decoded as they are asked for: very many may have a few bytes each. */
import { type MessageName, messageType } from '../proto/types.js';
import { eachField } from '../proto/wire-fields.js';

/** Field number of the objects, in a TrackableObjectGraph as in a SavedObjectGraph. */
const nodes = 1;

export class ObjectNodes<T> implements Iterable<T> {
  /** Where each begins and ends, back to back. */
  readonly #places: number[] = [];

  /**
   * @param type of the objects.
   * @throws RangeError where the graph is no message; the methods, where an object is none.
   */
  constructor(
    private readonly graph: Uint8Array,
    private readonly type: MessageName,
  ) {
    for (const { number, payload } of eachField(graph)) {
      if (number !== nodes || !payload) continue;
      const start = payload.byteOffset - graph.byteOffset;
      this.#places.push(start, start + payload.length);
    }
  }

  /** @returns undefined where there is none of that number. */
  at(id: number): T | undefined {
    const start = this.#places[2 * id];
    if (start === undefined) return undefined;
    return messageType(this.type).decode(this.graph.subarray(start, this.#places[2 * id + 1])) as T;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let id = 0; 2 * id < this.#places.length; id++) yield this.at(id) as T;
  }
}
