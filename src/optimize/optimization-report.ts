/** What an optimisation tells about itself. */
import type { Graph } from '../graph/graph.js';
import type { OptimizationName } from './optimization-name.js';

/** What became of one node, or why nothing did. */
export interface OptimizedNode {
  readonly node: string;
  /** In words, for people. */
  readonly text: string;
}

/** How many nodes of an op there are. */
export interface OpCount {
  readonly op: string;
  readonly before: number;
  readonly after: number;
}

export interface OptimizationReport {
  readonly name: OptimizationName;
  readonly nodesBefore: number;
  readonly nodesAfter: number;
  /** Of the ops of which there are more or fewer nodes now, by name. */
  readonly counts: readonly OpCount[];
  readonly changes: readonly OptimizedNode[];
  /** Nodes that one might expect to be changed too, and why they are not. */
  readonly left: readonly OptimizedNode[];
}

export function reportOf(
  name: OptimizationName,
  before: Graph,
  after: Graph,
  changes: readonly OptimizedNode[],
  left: readonly OptimizedNode[],
): OptimizationReport {
  const counts = before === after ? [] : changedCounts(opCounts(before), opCounts(after));
  return { name, nodesBefore: before.nodes.length, nodesAfter: after.nodes.length, counts, changes, left };
}

function changedCounts(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): OpCount[] {
  const ops = [...new Set([...before.keys(), ...after.keys()])].sort();
  return ops
    .map((op) => ({ op, before: before.get(op) ?? 0, after: after.get(op) ?? 0 }))
    .filter((count) => count.before !== count.after);
}

function opCounts({ nodes }: Graph): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { op } of nodes) counts.set(op, (counts.get(op) ?? 0) + 1);
  return counts;
}
