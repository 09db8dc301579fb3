/**
 * Nothing waits for constants: they are there from the start. A function that was made part of the graph leaves many such
 * control edges, from what read its variables, and they would keep constants that nothing reads any more.
 */
import { isControlInput, parseInput } from '../graph/edges.js';
import { executionOrder } from '../graph/execution-order.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import type { Optimizing } from './optimization.js';

/** Ops that take no time, and are there as soon as their inputs are. */
const handingOn: ReadonlySet<string> = new Set(['Identity', 'NoOp']);

export function freeControls(graph: Graph, { report }: Optimizing): Graph {
  const atOnce = new Set<string>();
  const isThere = (input: string): boolean => atOnce.has(parseInput(input).node);
  for (const position of executionOrder(graph)) {
    const node = graph.nodes[position] as GraphNode;
    const isConstant = node.op === 'Const' || handingOn.has(node.op);
    if (isConstant && node.inputs.every(isThere)) atOnce.add(node.name);
  }
  return graph.mapNodes((node) => {
    const inputs = node.inputs.filter((input) => !isControlInput(input) || !isThere(input));
    const gone = node.inputs.length - inputs.length;
    if (gone === 0) return node;
    report(node.name, `waits no more for ${gone === 1 ? 'a node that is' : `${gone} nodes that are`} constant`);
    return node.edit({ inputs });
  });
}
