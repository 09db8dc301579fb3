/** Finds the iterators, queues and readers that outputs get their data from: the first ones on the way from each output. */
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { reach } from '../../graph/upstream.js';
import { handedOutBy } from './handed-out-by.js';

export interface FoundSources {
  /** Names of nodes, also of those that something only waits for. */
  readonly sources: ReadonlySet<string>;
  /** What is read of them, in the order of the graph and of the nodes' outputs. */
  readonly tensors: readonly string[];
}

export function findSources(graph: Graph, outputs: readonly string[]): FoundSources {
  const { nodes, wiring } = graph;
  const isSource = sourcesIn(graph);
  const ports = new Map<number, Set<number>>();
  const start = outputs.map((output) => wiring.positionOf(output));
  reach(graph, start, (position, visit) => {
    const node = nodes[position] as GraphNode;
    wiring.sourcesOf(position).forEach((source, input) => {
      if (source < 0 || !isSource(source)) {
        visit(source);
        return;
      }
      const read = ports.get(source) ?? new Set<number>();
      ports.set(source, read);
      const text = node.inputs[input] as string;
      if (!isControlInput(text)) read.add(parseInput(text).port);
    });
  });
  const found = [...ports].sort(([a], [b]) => a - b);
  const nameAt = (position: number): string => (nodes[position] as GraphNode).name;
  return {
    sources: new Set(found.map(([position]) => nameAt(position))),
    tensors: found.flatMap(([position, read]) =>
      [...read].sort((a, b) => a - b).map((port) => `${nameAt(position)}:${port}`),
    ),
  };
}

/**
 * Of positions: whether a node hands data out. So does a placeholder whose default is made of what iterators and queues give:
 * it is the input that somebody meant.
 */
function sourcesIn(graph: Graph): (position: number) => boolean {
  const { nodes, wiring } = graph;
  const isHandedOut = nodes.map((node) => handedOutBy(graph, node) !== undefined);
  if (!nodes.some(({ op }) => op === 'PlaceholderWithDefault')) return (position) => isHandedOut[position] === true;
  const handedOut = [...isHandedOut.keys()].filter((position) => isHandedOut[position]);
  const behind = reach(graph, handedOut, (position, visit) =>
    wiring.forEachReader(wiring.numbers[position] as number, (reader, input) => {
      if (!isControlInput((nodes[reader] as GraphNode).inputs[input] as string)) visit(reader);
    }),
  );
  const isDefaulted = ({ op }: GraphNode, position: number): boolean =>
    op === 'PlaceholderWithDefault' && behind.hasAt(position);
  return (position) => isHandedOut[position] === true || isDefaulted(nodes[position] as GraphNode, position);
}
