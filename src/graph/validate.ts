/** What every graph must satisfy, before the passes and after each of them. */
import { PermafrostError } from '../errors.js';
import { nearest } from '../nearest.js';
import { inputNode } from './edges.js';
import { backOps } from './execution-order.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';

/**
 * @param source names the graph in messages.
 * @throws PermafrostError GRAPH_INVALID: no nodes, a node without name or op, two of one name, an input that is not
 * there, or a cycle that is no loop.
 */
export function validateGraph(graph: Graph, source: string): void {
  if (graph.nodes.length === 0) throw invalid(source, 'has no nodes', 'Is it the file you meant?');
  const cycle = findCycle(graph, producersOf(graph, positionsOf(graph, source), source));
  if (!cycle) return;
  const path = cycleNames(cycle, graph).join(' → ');
  throw invalid(source, `has a cycle that is no loop: ${path}`, 'Only NextIteration may lead back.');
}

/** Where in the graph each name stands. */
function positionsOf(graph: Graph, source: string): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  graph.nodes.forEach(({ name, op }, index) => {
    if (name === '') throw invalid(source, `has a node without a name (node ${index + 1}, op '${op}')`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    if (/[\x00-\x1f\x7f]/.test(name)) {
      throw invalid(source, `has a node whose name has control characters: ${JSON.stringify(name)}`);
    }
    if (op === '') throw invalid(source, `has a node without an op ('${name}')`);
    if (positions.has(name)) throw invalid(source, `has two nodes named '${name}'`, 'Names must be unique.');
    positions.set(name, index);
  });
  return positions;
}

/** For every node, by position, the positions that its inputs come from. */
function producersOf(graph: Graph, positions: ReadonlyMap<string, number>, source: string): number[][] {
  return graph.nodes.map((node) =>
    node.inputs.map((input) => {
      const position = positions.get(inputNode(input));
      if (position !== undefined) return position;
      const near = nearest(inputNode(input), positions.keys());
      const hint = near.length > 0 ? `The nearest names are ${near.map((name) => `'${name}'`).join(', ')}.` : undefined;
      throw invalid(source, `has a node '${node.name}' (${node.op}) whose input '${input}' does not exist`, hint);
    }),
  );
}

function invalid(
  source: string,
  what: string,
  hint = 'The file may be damaged, or was put together by hand.',
): PermafrostError {
  return new PermafrostError('GRAPH_INVALID', `${source} ${what}. ${hint}`);
}

/**
 * Nodes are taken away as soon as all their inputs are; what cannot be taken away is on a cycle or behind one. The
 * back edges of loops, from NextIteration, do not count.
 * @returns positions of nodes, each of which feeds the next, and the last the first.
 */
function findCycle({ nodes }: Graph, allProducers: readonly (readonly number[])[]): number[] | undefined {
  const isForward = nodes.map(({ op }) => !backOps.has(op));
  const producers = allProducers.map((list) => list.filter((producer) => isForward[producer]));
  const consumers: number[][] = nodes.map(() => []);
  producers.forEach((list, node) => {
    for (const producer of list) (consumers[producer] as number[]).push(node);
  });
  const waiting = producers.map((list) => list.length);
  const free = [...waiting.keys()].filter((node) => waiting[node] === 0);
  let left = nodes.length;
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    left--;
    for (const consumer of consumers[node] as number[]) {
      const count = (waiting[consumer] as number) - 1;
      waiting[consumer] = count;
      if (count === 0) free.push(consumer);
    }
  }
  return left > 0 ? walkBack(producers, waiting) : undefined;
}

/** Among the nodes that still wait, each has an input that waits too: going back along those ends in a cycle. */
function walkBack(producers: readonly (readonly number[])[], waiting: readonly number[]): number[] {
  const path: number[] = [];
  const seen = new Map<number, number>();
  let node = waiting.findIndex((count) => count > 0);
  while (!seen.has(node)) {
    seen.set(node, path.length);
    path.push(node);
    node = (producers[node] as number[]).find((producer) => (waiting[producer] as number) > 0) as number;
  }
  return path.slice(seen.get(node)).reverse();
}

/** The names along a cycle, the first again at its end. */
function cycleNames(cycle: readonly number[], { nodes }: Graph): string[] {
  const names = cycle.map((node) => (nodes[node] as GraphNode).name);
  const shown = names.length > 6 ? [...names.slice(0, 5), `(${names.length - 5} more)`] : names;
  return [...shown, names[0] as string];
}
