/**
 * Finds what updates moving averages, by their data flow: a write that blends a variable's own value with a statistic of the
 * batch, whatever the formula. TensorFlow has `v -= (v - s) * (1 - decay)`, Keras `v = v * m + s * (1 - m)`; around it may
 * stand casts, branches, and factors of the statistic such as Bessel's correction.
 */
import { dataInputs, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { allReduces } from '../../graph/op-kinds/all-reduces.js';
import { fusedInputs, isFused } from '../../graph/op-kinds/fused-batch-norm.js';
import { isGradient } from '../../graph/op-kinds/training.js';
import { isBatchStatistic } from './batch-statistic.js';
import { handedOn, isOf, passingOps, producerOf, tensorOf, variableBehind, variableKey } from './flow.js';

export interface Update {
  readonly write: GraphNode;
  readonly variable: GraphNode;
  /**
   * Tensors from the one that is blended with the variable's value, of its shape, to the statistic: each the same as the next,
   * but for shape, type and a factor. Empty where the variable is blended with nothing but itself, as an op of inference does.
   */
  readonly chain: readonly string[];
}

const writes: ReadonlySet<string> = new Set([
  ...['Assign', 'AssignSub', 'AssignAdd', 'AssignVariableOp', 'AssignSubVariableOp', 'AssignAddVariableOp'],
]);

const sums: ReadonlySet<string> = new Set(['Add', 'AddV2', 'Sub']);
const products: ReadonlySet<string> = new Set(['Mul', 'Div', 'RealDiv', 'DivNoNan']);
const selections: ReadonlySet<string> = new Set(['Select', 'SelectV2']);

/** More than any formula for a moving average has. */
const maxSteps = 64;

export function findUpdates(graph: Graph): Update[] {
  return findBlends(graph).filter(({ chain }) => {
    const end = chain.at(-1);
    return end === undefined || (isBatchStatistic(graph, end) && !isOfGradient(graph, end));
  });
}

/** Optimisers keep averages of gradients, which are sums over the batch as well. */
function isOfGradient(graph: Graph, tensor: string): boolean {
  const node = producerOf(graph, tensor);
  return node !== undefined && isGradient(node);
}

/** The same, whatever it is that a variable is blended with. */
export function findBlends(graph: Graph): Update[] {
  const found = graph.nodes.flatMap((write) => (writes.has(write.op) ? updateOf(graph, write) : []));
  const byVariable = new Map(found.map((update) => [variableKey(update.variable), update]));
  // What TensorFlow corrects for its start from zero is the quotient of another average, which it keeps for that alone.
  const biased = new Set<string>();
  const resolved = found.map((update) => {
    const own = variableBehind(graph, update.chain.at(-1) ?? '');
    const source = own && byVariable.get(variableKey(own));
    if (!source || source === update || !isQuotient(graph, update)) return update;
    biased.add(variableKey(source.variable));
    return { ...update, chain: [...update.chain.slice(0, 1), ...source.chain] };
  });
  return resolved.filter(({ variable }) => !biased.has(variableKey(variable)));
}

/** The average of another variable itself is that of a weight, or of another average. */
function isQuotient(graph: Graph, { chain }: Update): boolean {
  return chain.some((tensor) => products.has(producerOf(graph, tensor)?.op ?? ''));
}

function updateOf(graph: Graph, write: GraphNode): Update | [] {
  const [target = '', value = ''] = write.inputs;
  const variable = variableBehind(graph, target);
  if (!variable) return [];
  const key = variableKey(variable);
  const { isOwn, others } = blendOf(graph, key, value, { steps: 0 });
  if (isOwn && others.length === 0) return { write, variable, chain: [] };
  // The first round may take the statistic itself, and later ones a part of it.
  const chains = others.map((other) => chainOf(graph, key, other)).sort((a, b) => b.length - a.length);
  const [chain] = chains;
  const end = chain?.at(-1);
  if (!chain || end === undefined || chains.some((each) => each.at(-1) !== end)) return [];
  if (isOwn || isFusedAverage(graph, key, end)) return { write, variable, chain };
  const source = variableBehind(graph, end);
  return source && variableKey(source) !== key ? { write, variable, chain } : [];
}

/** Whether an op has blended the batch with that variable itself, by its `exponential_avg_factor`. */
function isFusedAverage(graph: Graph, key: string, tensor: string): boolean {
  const node = producerOf(graph, tensor);
  if (!node || !isFused(node)) return false;
  return [fusedInputs.mean, fusedInputs.variance].some((input) => isOf(graph, node.inputs[input] ?? '', key));
}

interface Blend {
  /** Whether the variable's own value goes in. */
  readonly isOwn: boolean;
  /** What else does. */
  readonly others: readonly string[];
}

function blendOf(graph: Graph, key: string, input: string, budget: { steps: number }): Blend {
  const itself: Blend = { isOwn: false, others: [tensorOf(input)] };
  if (++budget.steps > maxSteps) return itself;
  if (isOf(graph, input, key)) return { isOwn: true, others: [] };
  const node = producerOf(graph, input);
  if (!node) return itself;
  const parts = partsOf(node).map((part) => blendOf(graph, key, part, budget));
  const own = parts.filter(({ isOwn }) => isOwn);
  if (own.length === 0) return itself;
  // Of a product with the variable, the rest is its factor.
  const counted = products.has(node.op) ? own.slice(0, 1) : parts;
  return { isOwn: true, others: [...new Set(counted.flatMap(({ others }) => others))] };
}

function partsOf(node: GraphNode): string[] {
  const inputs = dataInputs(node);
  if (sums.has(node.op) || products.has(node.op) || node.op === 'Merge') return inputs;
  if (selections.has(node.op)) return inputs.slice(1);
  return passingOps.has(node.op) ? inputs.slice(0, 1) : [];
}

function chainOf(graph: Graph, key: string, input: string): string[] {
  const chain = [tensorOf(input)];
  for (let next: string | undefined = input; chain.length < maxSteps; ) {
    next = nextOf(graph, key, next);
    if (next === undefined) break;
    chain.push(tensorOf(next));
  }
  return chain;
}

/** What a tensor is, but for shape, type and a factor; undefined where it is what the batch comes to. */
function nextOf(graph: Graph, key: string, input: string): string | undefined {
  const node = producerOf(graph, input);
  if (!node) return undefined;
  const inputs = dataInputs(node);
  const same = handedOn(node, parseInput(input).port);
  if (same !== undefined) return same;
  if (allReduces.has(node.op)) return inputs[0];
  if (node.op === 'Merge' || selections.has(node.op)) {
    const others = (node.op === 'Merge' ? inputs : inputs.slice(1)).filter((each) => !isOf(graph, each, key));
    return others.length === 1 ? others[0] : undefined;
  }
  if (!products.has(node.op)) return undefined;
  return inputs.find((each) => isBatchStatistic(graph, each) || variableBehind(graph, each) !== undefined);
}
