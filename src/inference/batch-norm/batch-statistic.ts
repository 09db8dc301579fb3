/** Whether a tensor is what remains of a batch: a mean, a sum, an extreme, or arithmetic with nothing but those and constants. */
import { dataInputs, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { allReduces } from '../../graph/op-kinds/all-reduces.js';
import { fusedOutputs, isFused } from '../../graph/op-kinds/fused-batch-norm.js';
import { joiningOps, slicingOps, splittingOps } from '../../graph/op-kinds/handing-on.js';
import { isGradient } from '../../graph/op-kinds/training.js';
import { FoundInGraphs } from '../found-by-depth.js';
import { isOverBatch } from '../suggest/over-batch.js';
import { handedOn, producerOf } from './flow.js';

const reductions: ReadonlySet<string> = new Set(['Mean', 'Sum', 'Min', 'Max']);

/** What they make of statistics and constants is a statistic. Whoever all-reduces once puts all into one tensor for that. */
export const arithmetic: ReadonlySet<string> = new Set([
  ...['Add', 'AddV2', 'AddN', 'Sub', 'Mul', 'Div', 'RealDiv', 'DivNoNan', 'Square', 'Reciprocal', 'Inv', 'Relu'],
  ...['Maximum', 'Minimum', 'Sqrt', 'Rsqrt', 'Pow', 'Fill'],
  ...[...joiningOps, ...splittingOps],
]);

/** What tells only how much data there is counts as constant, too. */
const constants: ReadonlySet<string> = new Set(['Const', 'Shape', 'Size']);

const maxDepth = 16;

type IsReduced = (reduction: GraphNode) => boolean;

type Kind = 'statistic' | 'constant' | undefined;

const kinds = new FoundInGraphs<Kind>();
const certainKinds = new FoundInGraphs<Kind>();

export function isBatchStatistic(graph: Graph, input: string): boolean {
  const kindAt: KindAt = (each, depth) =>
    kinds.in(graph).of(each, depth, () => kindOf(graph, each, () => true, depth, kindAt));
  return kindAt(input, 0) === 'statistic';
}

/** Whether it is certain that examples of a batch were reduced, and not the parts of one example. */
export function isOfAllExamples(graph: Graph, input: string): boolean {
  const isReduced: IsReduced = ({ name }) =>
    isOverBatch(graph, graph.wiring.positions[graph.wiring.numberOf(name)] as number);
  const kindAt: KindAt = (each, depth) =>
    certainKinds.in(graph).of(each, depth, () => kindOf(graph, each, isReduced, depth, kindAt));
  return kindAt(input, 0) === 'statistic';
}

type KindAt = (input: string, depth: number) => Kind;

/** @param kindAt finds or remembers what is further on. */
function kindOf(graph: Graph, input: string, isReduced: IsReduced, depth: number, kindAt: KindAt): Kind {
  const node = producerOf(graph, input);
  if (!node || depth > maxDepth) return undefined;
  if (constants.has(node.op)) return 'constant';
  // Optimisers keep averages of gradients, which are sums over the batch as well.
  if (isGradient(node)) return undefined;
  if (reductions.has(node.op)) return isReduced(node) ? 'statistic' : undefined;
  const { port } = parseInput(input);
  if (isFused(node)) return port === fusedOutputs.mean || port === fusedOutputs.variance ? 'statistic' : undefined;
  const inputs = dataInputs(node);
  const first = (): Kind => kindAt(inputs[0] ?? '', depth + 1);
  const same = handedOn(node, port);
  if (same !== undefined) return kindAt(same, depth + 1);
  if (allReduces.has(node.op)) return first();
  if (node.op === 'Prod' || slicingOps.has(node.op)) {
    // Which part of a shape it is matters to nobody.
    if (first() === 'constant') return 'constant';
    if (node.op === 'Prod') return undefined;
  } else if (!arithmetic.has(node.op)) return undefined;
  const parts = inputs.map((each) => kindAt(each, depth + 1));
  if (parts.includes(undefined)) return undefined;
  return parts.includes('statistic') ? 'statistic' : 'constant';
}
