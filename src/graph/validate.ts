/** What every graph must satisfy, before the passes and after each of them. */
import { PermafrostError } from '../errors.js';
import { nearest } from '../nearest.js';
import { inputNode } from './edges.js';
import type { Graph } from './graph.js';

/**
 * @param source names the graph in messages.
 * @throws PermafrostError GRAPH_INVALID: no nodes, a node without name or op, two of one name, an input that is not
 * there, or a cycle that is no loop.
 */
export function validateGraph(graph: Graph, source: string): void {
  if (graph.nodes.length === 0) throw invalid(source, 'has no nodes', 'Is it the file you meant?');
  const names = new Set<string>();
  graph.nodes.forEach(({ name, op }, index) => {
    if (name === '') throw invalid(source, `has a node without a name (node ${index + 1}, op '${op}')`);
    if (op === '') throw invalid(source, `has a node without an op ('${name}')`);
    if (names.has(name)) throw invalid(source, `has two nodes named '${name}'`, 'Names must be unique.');
    names.add(name);
  });
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      if (names.has(inputNode(input))) continue;
      const near = nearest(inputNode(input), names);
      const hint = near.length > 0 ? `The nearest names are ${near.map((name) => `'${name}'`).join(', ')}.` : undefined;
      throw invalid(source, `has a node '${node.name}' (${node.op}) whose input '${input}' does not exist`, hint);
    }
  }
  const cycle = findCycle(graph);
  if (cycle)
    throw invalid(source, `has a cycle that is no loop: ${cycle.join(' → ')}`, 'Only NextIteration may lead back.');
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
 */
function findCycle(graph: Graph): string[] | undefined {
  const isBackEdge = (producer: string): boolean => /^(Ref)?NextIteration$/.test(graph.byName.get(producer)?.op ?? '');
  const waiting = new Map<string, number>();
  const consumers = new Map<string, string[]>();
  for (const node of graph.nodes) {
    let count = 0;
    for (const input of node.inputs) {
      const producer = inputNode(input);
      if (isBackEdge(producer)) continue;
      count++;
      const list = consumers.get(producer);
      if (list) list.push(node.name);
      else consumers.set(producer, [node.name]);
    }
    waiting.set(node.name, count);
  }
  const free = graph.nodes.filter((node) => waiting.get(node.name) === 0).map((node) => node.name);
  for (let name = free.pop(); name !== undefined; name = free.pop()) {
    waiting.delete(name);
    for (const consumer of consumers.get(name) ?? []) {
      const left = (waiting.get(consumer) as number) - 1;
      waiting.set(consumer, left);
      if (left === 0) free.push(consumer);
    }
  }
  return waiting.size > 0 ? walkBack(graph, waiting, isBackEdge) : undefined;
}

/** Among the nodes that are left, each has an input that is left too: going back along those ends in a cycle. */
function walkBack(graph: Graph, left: ReadonlyMap<string, number>, isBackEdge: (name: string) => boolean): string[] {
  const path: string[] = [];
  const seen = new Map<string, number>();
  let [name] = left.keys() as IterableIterator<string>;
  while (name !== undefined && !seen.has(name)) {
    seen.set(name, path.length);
    path.push(name);
    const inputs: readonly string[] = graph.byName.get(name)?.inputs ?? [];
    name = inputs.map(inputNode).find((producer) => left.has(producer) && !isBackEdge(producer));
  }
  const cycle = path.slice(seen.get(name as string)).reverse();
  const shown = cycle.length > 6 ? [...cycle.slice(0, 5), `(${cycle.length - 5} more)`] : cycle;
  return [...shown, cycle[0] as string];
}
