/** Whether a tensor is what remains of a batch: a mean, a sum, or arithmetic with nothing but those and constants. */
import { parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import { fusedOutputs, isFused } from '../../graph/op-kinds/fused-batch-norm.js';
import { dataInputs, passingOps, producerOf } from './flow.js';

const reductions: ReadonlySet<string> = new Set(['Mean', 'Sum']);

const elementwise: ReadonlySet<string> = new Set([
  ...['Add', 'AddV2', 'Sub', 'Mul', 'Div', 'RealDiv', 'DivNoNan', 'Square', 'Maximum', 'Relu', 'Reciprocal', 'Inv'],
]);

/** What tells only how much data there is counts as constant, too. */
const constants: ReadonlySet<string> = new Set(['Const', 'Shape', 'Size']);
const ofShapes: ReadonlySet<string> = new Set(['Prod', 'StridedSlice', 'Gather', 'GatherV2']);

const maxDepth = 8;

export function isBatchStatistic(graph: Graph, input: string): boolean {
  return kindOf(graph, input, 0) === 'statistic';
}

function kindOf(graph: Graph, input: string, depth: number): 'statistic' | 'constant' | undefined {
  const node = producerOf(graph, input);
  if (!node || depth > maxDepth) return undefined;
  if (constants.has(node.op)) return 'constant';
  if (reductions.has(node.op)) return 'statistic';
  const { port } = parseInput(input);
  if (isFused(node)) return port === fusedOutputs.mean || port === fusedOutputs.variance ? 'statistic' : undefined;
  const inputs = dataInputs(node);
  const first = (): ReturnType<typeof kindOf> => kindOf(graph, inputs[0] ?? '', depth + 1);
  if (passingOps.has(node.op)) return first();
  if (ofShapes.has(node.op)) return first() === 'constant' ? 'constant' : undefined;
  if (!elementwise.has(node.op)) return undefined;
  const kinds = inputs.map((each) => kindOf(graph, each, depth + 1));
  if (kinds.includes(undefined)) return undefined;
  return kinds.includes('statistic') ? 'statistic' : 'constant';
}
