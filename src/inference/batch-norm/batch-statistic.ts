/** Whether a tensor is what remains of a batch: a mean, a sum, or arithmetic with nothing but those. */
import { parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import { dataInputs, isConstant, passingOps, producerOf } from './flow.js';
import { fusedOutputs, isFused } from './fused-ops.js';

const reductions: ReadonlySet<string> = new Set(['Mean', 'Sum']);

const elementwise: ReadonlySet<string> = new Set([
  ...['Add', 'AddV2', 'Sub', 'Mul', 'Div', 'RealDiv', 'DivNoNan', 'Square', 'Maximum', 'Relu', 'Reciprocal'],
]);

const maxDepth = 8;

export function isBatchStatistic(graph: Graph, input: string, depth = 0): boolean {
  const node = producerOf(graph, input);
  if (!node || depth > maxDepth) return false;
  if (reductions.has(node.op)) return true;
  const { port } = parseInput(input);
  if (isFused(node)) return port === fusedOutputs.mean || port === fusedOutputs.variance;
  const inputs = dataInputs(node);
  if (passingOps.has(node.op)) return isBatchStatistic(graph, inputs[0] ?? '', depth + 1);
  if (!elementwise.has(node.op)) return false;
  const rest = inputs.filter((each) => !isConstant(graph, each));
  return rest.length > 0 && rest.every((each) => isBatchStatistic(graph, each, depth + 1));
}
