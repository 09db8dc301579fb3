import { createHash } from 'node:crypto';
import { end } from './graph-writer.mjs';

/**
 * The one file that a model must be frozen to.
 * @typedef {{ bytes: number, sha256: string }} Expected
 *
 * The first bytes of a tensor, and how many bytes of tensors come before it in the graph's order.
 * @typedef {{ offset: number, hex: string }} Head
 */

/** Of so many tensors the head is kept, in so many bytes. */
const headCount = 16;
const headSize = 256;

/** Computes what a graph must be frozen to while its tensors, which come in the order of its variables, go by. */
export class ExpectedGraph {
  #nodes;
  #hash = createHash('sha256');
  #bytes = 0;
  #isSparse = false;
  #heads = [];
  #offset = 0;

  /** @param {readonly import('./graph-writer.mjs').GraphNode[]} nodes */
  constructor(nodes) {
    this.#nodes = nodes.values();
  }

  *watch(tensors) {
    for (const tensor of tensors) {
      const { bytes, zeros = 0 } = tensor;
      this.#untilVariable();
      this.#add(bytes);
      this.#isSparse ||= zeros > 0;
      if (this.#heads.length < headCount) {
        const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headSize));
        this.#heads.push({ offset: this.#offset, hex: start.toString('hex') });
      }
      this.#offset += bytes.length + zeros;
      yield tensor;
    }
  }

  /**
   * What was expected of the whole; `frozen` is undefined for a model with holes, which is larger than one file may be.
   * @returns {{ frozen: Expected | undefined, heads: Head[] }}
   */
  finish() {
    if (this.#untilVariable()) throw new Error('the model has more variables than tensors');
    this.#add(end.frozen);
    const frozen = this.#isSparse ? undefined : { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
    return { frozen, heads: this.#heads };
  }

  /** Goes on to the content of the next variable, and says whether there is one. */
  #untilVariable() {
    for (let next = this.#nodes.next(); !next.done; next = this.#nodes.next()) {
      const { frozen, isVariable } = next.value;
      if (frozen) this.#add(frozen);
      if (isVariable) return true;
    }
    return false;
  }

  #add(bytes) {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }
}
