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
import { isBatchStatistic } from './batch-statistic.js';
import { blendOf, divisions, products, selections, sharesAfter } from './blends.js';
import { handedOn, isConstant, isOf, producerOf, tensorOf, variableBehind, variableKey } from './flow.js';

export interface Update {
  readonly write: GraphNode;
  readonly variable: GraphNode;
  /**
   * Tensors from the one that is blended with the variable's value, of its shape, to the statistic: each the same as the next,
   * but for shape, type and a factor. Empty where the variable is blended with nothing but itself, as an op of inference does.
   */
  readonly chain: readonly string[];
}

interface Blended extends Update {
  /** As those of a blend, of what the variable comes to. */
  readonly shares: ReadonlySet<number>;
}

export const writes: ReadonlySet<string> = new Set([
  ...['Assign', 'AssignSub', 'AssignAdd', 'AssignVariableOp', 'AssignSubVariableOp', 'AssignAddVariableOp'],
]);

/** More than any formula for a moving average has. */
const maxSteps = 64;

export function findUpdates(graph: Graph): Update[] {
  return findBlends(graph).filter(({ chain }) => {
    const end = chain.at(-1);
    return end === undefined || isBatchStatistic(graph, end);
  });
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

/**
 * Whether a variable takes over another one but for a factor. One that keeps a share of its own value is an average of the
 * other, which may be a weight, or the average of a norm, as those that a teacher has of all a student's variables.
 */
function isQuotient(graph: Graph, { chain, shares }: Blended): boolean {
  if (![...shares].includes(0) || [...shares].some(Number.isNaN)) return false;
  return chain.some((tensor) => {
    const node = producerOf(graph, tensor);
    if (!node || !products.has(node.op)) return false;
    return divisions.has(node.op) || !dataInputs(node).some((factor) => isConstant(graph, factor));
  });
}

/** @returns none for a sum of all that came so far, too: the variable's own value is whole in there. */
function updateOf(graph: Graph, write: GraphNode): Blended | [] {
  const [target = '', value = ''] = write.inputs;
  const variable = variableBehind(graph, target);
  if (!variable) return [];
  const key = variableKey(variable);
  const blend = blendOf(graph, key, value);
  const { isOwn, others } = blend;
  const shares = sharesAfter(write, blend);
  if (isOwn && others.length === 0) return { write, variable, chain: [], shares };
  // The first round may take the statistic itself, and later ones a part of it.
  const chains = others.map((other) => chainOf(graph, key, other)).sort((a, b) => b.length - a.length);
  const [chain] = chains;
  const end = chain?.at(-1);
  if (!chain || end === undefined || chains.some((each) => each.at(-1) !== end)) return [];
  const isScaled = [...shares].some(Number.isNaN);
  if (isScaled || isFusedAverage(graph, key, end)) return { write, variable, chain, shares };
  const source = variableBehind(graph, end);
  return source && variableKey(source) !== key ? { write, variable, chain, shares } : [];
}

/** Whether an op has blended the batch with that variable itself, by its `exponential_avg_factor`. */
function isFusedAverage(graph: Graph, key: string, tensor: string): boolean {
  const node = producerOf(graph, tensor);
  if (!node || !isFused(node)) return false;
  return [fusedInputs.mean, fusedInputs.variance].some((input) => isOf(graph, node.inputs[input] ?? '', key));
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
  if (!node || node.inputs.length > maxSteps) return undefined;
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
