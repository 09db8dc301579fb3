/**
 * What nothing but training makes of gradients: they themselves, and the writes that optimisers of Keras do with them, which
 * are no op of their own but `w -= rate * m / (sqrt(v) + e)` in single ops.
 */
import type { GraphNode } from '../../graph/node.js';
import { isGradient, isOptimizer } from '../../graph/op-kinds/training.js';
import { type NodeSet, upstream } from '../../graph/upstream.js';
import { isWriter } from '../../passes/writes/variable-writes.js';
import type { Scope } from '../scope.js';
import { derivedFrom, variableOf, writesByVariable } from './gradient-flow.js';
import { computedFrom, readsOf } from './own-state.js';

/** @returns names of needed nodes; gradients that outputs are computed from are the model's own, and not among them. */
export function findSteps(scope: Scope): ReadonlySet<string> {
  const { graph, needed } = scope;
  if (!needed.nodes().some(isWriter)) return new Set();
  const gradients = graph.nodes.flatMap((node, position) =>
    needed.hasAt(position) && isGradient(node) ? position : [],
  );
  const computed = computedFrom(scope, gradients);
  const ofTraining = gradients.filter((position) => !computed.hasAt(position));
  const decays = decaysBeside(scope, derivedFrom(graph, ofTraining), computed);
  const derived = derivedFrom(graph, [...ofTraining, ...decays]);
  const isGone = ({ name, op }: GraphNode): boolean =>
    needed.has(name) && (derived.has(name) || isOptimizer(op)) && !computed.has(name) && op !== '_Retval';
  return new Set(graph.nodes.filter(isGone).map(({ name }) => name));
}

/**
 * Other writes to what steps write to, the decay of weights above all, which is made of no gradient. A write that outputs
 * read the variable after is none: spectral normalisation leaves the weight in it that the model computes with.
 * @returns positions.
 */
function decaysBeside(scope: Scope, derived: NodeSet, computed: NodeSet): number[] {
  const { graph } = scope;
  const stepped = [...writesByVariable(scope)].filter(([, writes]) =>
    writes.some(({ name }) => derived.has(name) && !computed.has(name)),
  );
  const others = stepped.flatMap(([, writes]) =>
    writes.filter(({ name }) => !derived.has(name) && !computed.has(name)),
  );
  if (others.length === 0) return [];
  const reads = others.flatMap((write) => readsOf(scope, variableOf(write), computed));
  const before = upstream(graph, reads);
  return others.flatMap(({ name }) => (before.has(name) ? [] : graph.wiring.positionOf(name)));
}
