/** What every graph must satisfy, before the passes and after each of them. */
import { PermafrostError } from '../errors.js';
import { nearest } from '../nearest.js';
import { describeCycle, findCycle } from './cycle.js';
import { inputNode } from './edges.js';
import type { Graph } from './graph.js';

/**
 * @param source names the graph in messages.
 * @throws PermafrostError GRAPH_INVALID: no nodes, a node without name or op, two of one name, an input that is not
 * there, or a cycle that is no loop.
 */
export function validateGraph(graph: Graph, source: string): void {
  if (graph.nodes.length === 0) throw invalid(source, 'has no nodes', 'Is it the file you meant?');
  const cycle = findCycle(graph.nodes, producersOf(graph, positionsOf(graph, source), source));
  if (!cycle) return;
  const path = describeCycle(cycle, graph.nodes);
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
