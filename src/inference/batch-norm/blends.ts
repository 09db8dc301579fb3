/** What goes into the new value of a variable: its own value, with which factor, and others. */
import { dataInputs } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { Remembered } from '../remembered.js';
import { passingOps, producerOf, tensorOf, variableBehind, variableKey } from './flow.js';

export interface Blend {
  /** Whether the variable's own value goes in. */
  readonly isOwn: boolean;
  /** What else does. */
  readonly others: readonly string[];
  /** The factors that the own value has, each in a branch: 0 where it does not go in, and NaN for what a product makes of it. */
  readonly shares: ReadonlySet<number>;
}

const sums: ReadonlySet<string> = new Set(['Add', 'AddV2', 'Sub']);
export const divisions: ReadonlySet<string> = new Set(['Div', 'RealDiv', 'DivNoNan']);
export const products: ReadonlySet<string> = new Set(['Mul', ...divisions]);
export const selections: ReadonlySet<string> = new Set(['Select', 'SelectV2']);

/** More than any formula for a moving average has. */
const maxSteps = 64;

/** What lies beyond them counts as something else; so much of it, and it is no average at all. */
const mostParts = 4 * maxSteps;

const nothing: Blend = { isOwn: false, others: [], shares: new Set() };

/** Thousands of blends may have parts in common. */
const variables = new Remembered<string | undefined>();

/** @param key of the variable, as `variableKey` has it. */
export function blendOf(graph: Graph, key: string, input: string): Blend {
  const budget = { steps: 0 };
  const blend = partOf(graph, key, input, budget);
  return budget.steps > mostParts ? { ...nothing, others: [tensorOf(input)] } : blend;
}

function partOf(graph: Graph, key: string, input: string, budget: { steps: number }): Blend {
  if (++budget.steps > mostParts) return nothing;
  const itself: Blend = { isOwn: false, others: [tensorOf(input)], shares: new Set([0]) };
  if (budget.steps > maxSteps) return itself;
  const variable = variables.of(graph, input, () => keyBehind(graph, input));
  if (variable === key) return { isOwn: true, others: [], shares: new Set([1]) };
  const node = producerOf(graph, input);
  if (!node) return itself;
  const parts = partsOf(node).map((part) => partOf(graph, key, part, budget));
  const own = parts.filter(({ isOwn }) => isOwn);
  if (own.length === 0) return itself;
  // Of a product with the variable, the rest is its factor.
  const counted = products.has(node.op) ? own.slice(0, 1) : parts;
  return {
    isOwn: true,
    others: [...new Set(counted.flatMap(({ others }) => others))],
    shares: sharesIn(node, parts),
  };
}

function keyBehind(graph: Graph, input: string): string | undefined {
  const variable = variableBehind(graph, input);
  return variable && variableKey(variable);
}

/** The factors that a variable's own value has once that is written. */
export function sharesAfter(write: GraphNode, { shares }: Blend): ReadonlySet<number> {
  if (write.op.startsWith('AssignSub')) return combined(new Set([1]), shares, -1);
  return write.op.startsWith('AssignAdd') ? combined(new Set([1]), shares, 1) : shares;
}

function partsOf(node: GraphNode): string[] {
  if (node.inputs.length > maxSteps) return [];
  const inputs = dataInputs(node);
  if (sums.has(node.op) || products.has(node.op) || node.op === 'Merge') return inputs;
  if (selections.has(node.op)) return inputs.slice(1);
  return passingOps.has(node.op) ? inputs.slice(0, 1) : [];
}

function sharesIn({ op }: GraphNode, parts: readonly Blend[]): ReadonlySet<number> {
  if (products.has(op)) return new Set([Number.NaN]);
  const [one, other] = parts;
  if (sums.has(op) && one && other) return combined(one.shares, other.shares, op === 'Sub' ? -1 : 1);
  return new Set(parts.flatMap(({ shares }) => [...shares]));
}

function combined(ones: ReadonlySet<number>, others: ReadonlySet<number>, sign: number): ReadonlySet<number> {
  return new Set([...ones].flatMap((one) => [...others].map((other) => one + sign * other)));
}
