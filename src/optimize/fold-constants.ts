/**
 * Computes what is computed of constants alone: shapes, axes, scales. Only ops that give the very bits that TensorFlow gives
 * (`evaluate/ops.ts`) or may differ in the last one (`float-ops.ts`), only small values, and nothing that waits for a
 * branch or for anything else.
 */
import { asConstant } from '../evaluate/as-constant.js';
import { Computing } from '../evaluate/computing.js';
import { type Op, ops } from '../evaluate/ops.js';
import { smallBytes } from '../evaluate/small-constant.js';
import type { Tensor } from '../evaluate/tensor.js';
import { isControlInput, parseInput } from '../graph/edges.js';
import { executionOrder } from '../graph/execution-order.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { limits, within } from '../limits.js';
import { floatOps } from './float-ops.js';
import type { Optimizing } from './optimization.js';
import { bytesInFile, isSmallConstant, readSmallConstants } from './small-constants.js';

/** Bytes of all values together: so many, and as many for each that the constants have in their files. */
const freelyFolded = 2 ** 23;
const foldedOfByte = 4;

const computed: ReadonlyMap<string, Op> = new Map([...ops, ...floatOps]);

export async function foldConstants(graph: Graph, optimizing: Optimizing): Promise<Graph> {
  const order = executionOrder(graph).map((position) => graph.nodes[position] as GraphNode);
  const { candidates, constants } = candidatesIn(order);
  const values = await readSmallConstants(constants, optimizing);
  // What would be large is not even computed.
  const most = { ...limits(), computedBytes: Math.min(smallBytes, limits().computedBytes) };
  const given = constants.reduce((sum, node) => sum + bytesInFile(node), 0);
  const computing = new Computing(computed, freelyFolded + foldedOfByte * given);
  const folded = within(most, () => compute(candidates, values, computing));
  const isRead = neededIn(graph, folded, optimizing.outputs);
  return graph.mapNodes((node) => {
    const value = isRead(node.name) ? folded.get(node.name) : undefined;
    if (!value) return node;
    optimizing.report(node.name, `is a constant, since ${node.op} is computed of constants`);
    return asConstant(node, value);
  });
}

/** @param values of the constants, to which those that are computed are added. */
function compute(
  candidates: readonly GraphNode[],
  values: Map<string, Tensor>,
  computing: Computing,
): Map<string, Tensor> {
  const folded = new Map<string, Tensor>();
  for (const node of candidates) {
    const inputs = node.inputs.map((input) => values.get(parseInput(input).node));
    const value = inputs.includes(undefined) ? undefined : computing.compute(node, inputs as Tensor[]);
    if (!value) continue;
    values.set(node.name, value);
    folded.set(node.name, value);
  }
  return folded;
}

/** Nodes that may be computed, in an order of execution, and the small constants that they start from. */
function candidatesIn(order: readonly GraphNode[]): { candidates: GraphNode[]; constants: GraphNode[] } {
  const small = new Map(order.filter(isSmallConstant).map((node) => [node.name, node]));
  const known = new Set(small.keys());
  const candidates: GraphNode[] = [];
  const constants = new Set<GraphNode>();
  for (const node of order) {
    if (node.op === 'Const' || !computed.has(node.op) || node.inputs.length === 0) continue;
    const inputs = node.inputs.map((input) => ({ ...parseInput(input), isControl: isControlInput(input) }));
    if (!inputs.every((input) => !input.isControl && input.port === 0 && known.has(input.node))) continue;
    known.add(node.name);
    candidates.push(node);
    for (const input of inputs) {
      const constant = small.get(input.node);
      if (constant) constants.add(constant);
    }
  }
  return { candidates, constants: [...constants] };
}

/** Whether an output is of that name, or a node that is not computed reads it. */
function neededIn(
  { nodes }: Graph,
  folded: ReadonlyMap<string, Tensor>,
  outputs: ReadonlySet<string>,
): (name: string) => boolean {
  const read = new Set<string>();
  for (const node of nodes) {
    if (!folded.has(node.name)) for (const input of node.inputs) read.add(parseInput(input).node);
  }
  return (name) => outputs.has(name) || read.has(name);
}
