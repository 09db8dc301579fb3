/** Where dropout and noise are: a walk from the random ops on, in an order in which the graph could run. */
import { dataInputs, inputNode } from '../../graph/edges.js';
import { executionOrder } from '../../graph/execution-order.js';
import type { GraphNode } from '../../graph/node.js';
import { masksApplied, normalOps, uniformOps } from '../../graph/op-kinds/random.js';
import type { Scope } from '../scope.js';
import type { Operation } from './forms/form.js';
import { forms } from './forms/table.js';
import type { Noise, Origin, RandomValue } from './random-value.js';

export interface FoundNoise extends Noise, Origin {
  readonly node: GraphNode;
}

/** Of the nodes that the outputs need. */
export function findNoise(scope: Scope): FoundNoise[] {
  if (!scope.needed.nodes().some(({ op }) => sources.has(op))) return [];
  return followRandom(scope).found;
}

/** @returns noise, and by name the nodes that are on the way to what might be some. */
export function followRandom(scope: Scope): { found: FoundNoise[]; values: ReadonlyMap<string, RandomValue> } {
  const found: FoundNoise[] = [];
  const values = new Map<string, RandomValue>();
  const noises = new Set<string>();
  for (const position of executionOrder(scope.graph)) {
    const node = scope.graph.nodes[position] as GraphNode;
    if (!scope.needed.hasAt(position) || !forms.has(node.op)) continue;
    const value = randomValue(scope, node, values, noises);
    // What it comes to is data again, and may be dropped once more.
    if (value?.kind === 'noise') {
      found.push({ ...value, node });
      noises.add(node.name);
    } else if (value) values.set(node.name, value);
  }
  return { found, values };
}

const sources: ReadonlySet<string> = new Set([...uniformOps, ...normalOps, ...masksApplied]);

function randomValue(
  scope: Scope,
  node: GraphNode,
  known: ReadonlyMap<string, RandomValue>,
  noises: ReadonlySet<string>,
): RandomValue | undefined {
  const inputs = dataInputs(node);
  const values = inputs.map((input) => known.get(inputNode(input)));
  if (!sources.has(node.op) && !values.some((value) => value)) return undefined;
  const operation: Operation = { scope, node, inputs, values, noises };
  for (const form of forms.get(node.op) ?? []) {
    const value = form(operation);
    if (value) return value;
  }
  return undefined;
}
