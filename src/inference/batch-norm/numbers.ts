import { readSmallConstant } from '../../evaluate/small-constant.js';
import type { Graph } from '../../graph/graph.js';
import { producerOf } from './flow.js';

/** The numbers of a small constant, the smallest first; undefined where the input is none. */
export function numbersInOrder(graph: Graph, input: string): number[] | undefined {
  const node = producerOf(graph, input);
  const numbers = node && readSmallConstant(node)?.numbers();
  return numbers && Array.from(numbers, Number).sort((a, b) => a - b);
}
