/** How the nodes of branches and loops of TensorFlow 1 hang together. */
import { parseInput } from './edges.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';
import { backOps, switchOps } from './op-kinds/control-flow.js';

/** Whether an input comes from the end of a loop's round. */
export function leadsBack({ byName }: Pick<Graph, 'byName'>, input: string): boolean {
  return backOps.has(byName.get(parseInput(input).node)?.op ?? '');
}

/**
 * The Switch that a node tells the side of: nodes of a branch wait for it itself, or for an Identity of one of its outputs,
 * to learn that the branch is taken.
 * @param name of the node that is waited for.
 * @returns undefined where that is no such node.
 */
export function switchToldBy({ byName }: Pick<Graph, 'byName'>, name: string): GraphNode | undefined {
  const node = byName.get(name);
  const source = node?.op === 'Identity' ? byName.get(parseInput(node.inputs[0] ?? '').node) : node;
  return source && switchOps.has(source.op) ? source : undefined;
}
