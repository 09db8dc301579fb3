/** Which nodes data comes from and goes to; edges of control lead nowhere here. */
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { type NodeSet, reach } from '../../graph/upstream.js';

/** One output of a node. */
export interface Tensor {
  /** Of the node. */
  readonly position: number;
  readonly port: number;
}

/** What a node reads, in the order of its inputs. */
export function tensorsInto(graph: Graph, position: number): Tensor[] {
  const tensors: Tensor[] = [];
  forEachSource(graph, position, (source, port) => tensors.push({ position: source, port }));
  return tensors;
}

/** Visits the positions of the nodes that a node reads, and which of their outputs it reads. */
export function forEachSource(
  { nodes, wiring }: Graph,
  position: number,
  visit: (source: number, port: number) => void,
): void {
  const { inputs } = nodes[position] as GraphNode;
  wiring.sourcesOf(position).forEach((source, input) => {
    const text = inputs[input] as string;
    if (source >= 0 && !isControlInput(text)) visit(source, parseInput(text).port);
  });
}

/** Visits the positions of the nodes that read a node, and which of its outputs they read. */
export function forEachReader(
  { nodes, wiring }: Graph,
  position: number,
  visit: (reader: number, port: number) => void,
): void {
  wiring.forEachReader(wiring.numbers[position] as number, (reader, input) => {
    const text = (nodes[reader] as GraphNode).inputs[input] as string;
    if (!isControlInput(text)) visit(reader, parseInput(text).port);
  });
}

export function readersOf(graph: Graph, position: number): number[] {
  const readers: number[] = [];
  forEachReader(graph, position, (reader) => readers.push(reader));
  return readers;
}

/**
 * Some nodes and all that is computed from them.
 * @param isEnd whether to go no further than a node, which is not in the set then.
 */
export function downstreamOf(
  graph: Graph,
  from: Iterable<number>,
  isEnd: (position: number) => boolean = () => false,
): NodeSet {
  return reach(graph, from, (position, visit) =>
    forEachReader(graph, position, (reader) => {
      if (!isEnd(reader)) visit(reader);
    }),
  );
}

/** Some nodes and all that they are computed from. */
export function upstreamOf(graph: Graph, from: Iterable<number>): NodeSet {
  return reach(graph, from, (position, visit) => forEachSource(graph, position, visit));
}
