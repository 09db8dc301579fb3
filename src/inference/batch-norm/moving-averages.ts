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
import { Remembered } from '../remembered.js';
import { isBatchStatistic } from './batch-statistic.js';
import { type Blend, blendOf, divisions, products, sharesAfter } from './blends.js';
import { choicesOf, isChoice, othersThan } from './choices.js';
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
  const values = new Map<string, Value>();
  const found = graph.nodes.flatMap((write) => (writes.has(write.op) ? updateOf(graph, write, values) : []));
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
    return divisions.has(node.op) || !scales.of(graph, node.name, () => hasConstant(graph, node));
  });
}

/** By product, about which thousands may ask: whether one of its factors is a constant. */
const scales = new Remembered<boolean>();

function hasConstant(graph: Graph, node: GraphNode): boolean {
  return dataInputs(node).some((factor) => isConstant(graph, factor));
}

/** What is written to a variable. */
interface Value {
  readonly blend: Blend;
  /** As an update's; undefined where what it is blended with does not come to one thing. */
  readonly chain: readonly string[] | undefined;
}

/**
 * @param values by variable and tensor: thousands may write the same.
 * @returns none for a sum of all that came so far, too: the variable's own value is whole in there.
 */
function updateOf(graph: Graph, write: GraphNode, values: Map<string, Value>): Blended | [] {
  const [target = '', input = ''] = write.inputs;
  const variable = variableBehind(graph, target);
  if (!variable) return [];
  const key = variableKey(variable);
  const id = `${input} ${key}`;
  const { blend, chain } = values.get(id) ?? written(graph, key, input);
  values.set(id, { blend, chain });
  const shares = sharesAfter(write, blend);
  if (blend.isOwn && blend.others.length === 0) return { write, variable, chain: [], shares };
  const end = chain?.at(-1);
  if (!chain || end === undefined) return [];
  const isScaled = [...shares].some(Number.isNaN);
  if (isScaled || isFusedAverage(graph, key, end)) return { write, variable, chain, shares };
  const source = variableBehind(graph, end);
  return source && variableKey(source) !== key ? { write, variable, chain, shares } : [];
}

function written(graph: Graph, key: string, input: string): Value {
  const blend = blendOf(graph, key, input);
  if (blend.others.length > maxSteps) return { blend, chain: undefined };
  // The first round may take the statistic itself, and later ones a part of it.
  const chains = blend.others.map((other) => chainOf(graph, key, other)).sort((a, b) => b.length - a.length);
  const [chain] = chains;
  const end = chain?.at(-1);
  return { blend, chain: chains.every((each) => each.at(-1) === end) ? chain : undefined };
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
  if (isChoice(node)) {
    const { count, first } = othersThan(choicesOf(graph, node), key);
    return count === 1 ? first : undefined;
  }
  return products.has(node.op) ? factors.of(graph, node.name, () => factorOf(graph, inputs)) : undefined;
}

/** By product, too. */
const factors = new Remembered<string | undefined>();

/** The one of several factors that a statistic is. */
function factorOf(graph: Graph, inputs: readonly string[]): string | undefined {
  return inputs.find((each) => isBatchStatistic(graph, each) || variableBehind(graph, each) !== undefined);
}
