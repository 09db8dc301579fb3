/** Graphs of very many nodes: what goes through each of them once takes a second, what does so for each of them never ends. */
import type { NodeLiteral } from './graph-def.js';

/** How many nodes such a graph has at least. */
export const manyNodes = 100_000;

/**
 * Layers one after the other, the first of which reads `x`, with as many as it takes.
 * @param layer the nodes of one, the last of which its successor reads.
 */
export function chain(layer: (index: number, input: string) => readonly NodeLiteral[]): {
  readonly nodes: readonly NodeLiteral[];
  readonly layers: number;
  readonly end: string;
} {
  const nodes: NodeLiteral[] = [];
  let end = 'x';
  let layers = 0;
  while (nodes.length < manyNodes) {
    const added = layer(layers++, end);
    nodes.push(...added);
    end = added.at(-1)?.name ?? end;
  }
  return { nodes, layers, end };
}
