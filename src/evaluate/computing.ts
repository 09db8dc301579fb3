/** Computes nodes one after the other, as long as there is room and time: a few bytes of a graph can ask for very many. */
import type { GraphNode } from '../graph/node.js';
import { mostDimensions } from '../graph/shape.js';
import type { Op } from './ops.js';
import type { Tensor } from './tensor.js';

export class Computing {
  #bytes = 0;
  /** Of all that was looked at: an op of one byte may ask for all elements of the largest tensor. */
  #seen = 0;

  /**
   * @param ops by name.
   * @param most bytes of all values together.
   */
  constructor(
    private readonly ops: ReadonlyMap<string, Op>,
    private readonly most: number,
  ) {}

  /** @returns undefined for what is not computed, or would be too much. */
  compute(node: GraphNode, inputs: readonly Tensor[]): Tensor | undefined {
    if (this.#bytes > this.most || this.#seen > 2 * this.most) return undefined;
    const value = this.ops.get(node.op)?.(inputs, node);
    if (value && inputs.some(({ elements }) => elements === value.elements)) return fitting(value);
    if (node.op !== 'Shape') for (const input of inputs) this.#seen += input.memory;
    this.#bytes += value?.memory ?? 0;
    return this.#bytes > this.most ? undefined : fitting(value);
  }
}

function fitting(value: Tensor | undefined): Tensor | undefined {
  return value && value.shape.length <= mostDimensions ? value : undefined;
}
