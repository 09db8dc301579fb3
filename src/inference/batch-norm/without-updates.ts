/** Where moving statistics are when nothing in the graph updates them. */
import type { GraphNode } from '../../graph/node.js';
import { isVariable } from '../../graph/variables.js';
import type { Scope } from '../scope.js';
import { variableBehind, variableKey } from './flow.js';
import { fusedInputs, isFused, isTraining } from './fused-ops.js';
import type { Statistics } from './statistics.js';

/** By scope, for all of them at once: a graph may have thousands. */
const twins = new WeakMap<Scope, ReadonlyMap<string, GraphNode>>();

/** Those of another branch, which normalises with moving statistics, with the same scale and offset. */
export function byTwin(scope: Scope, node: GraphNode): Statistics | undefined {
  const all = twins.get(scope) ?? findTwins(scope);
  twins.set(scope, all);
  const twin = all.get(parametersOf(scope, node) ?? '');
  const mean = twin && variableBehind(scope.graph, twin.inputs[fusedInputs.mean] ?? '');
  const variance = twin && variableBehind(scope.graph, twin.inputs[fusedInputs.variance] ?? '');
  if (!twin || !mean || !variance || mean === variance) return undefined;
  const why = `as in the other branch, '${twin.name}'`;
  return { mean: { variable: mean, update: undefined, why }, variance: { variable: variance, update: undefined, why } };
}

function findTwins(scope: Scope): Map<string, GraphNode> {
  const found = new Map<string, GraphNode>();
  for (const node of scope.graph.nodes) {
    const key = isFused(node) && !isTraining(node) ? parametersOf(scope, node) : undefined;
    if (key !== undefined) found.set(key, node);
  }
  return found;
}

/** Scale and offset, as far as they are variables. */
function parametersOf({ graph }: Scope, node: GraphNode): string | undefined {
  const keys = [fusedInputs.scale, fusedInputs.offset].flatMap((input) => {
    const variable = variableBehind(graph, node.inputs[input] ?? '');
    return variable ? variableKey(variable) : [];
  });
  return keys.length > 0 ? keys.join('\n') : undefined;
}

/** The last resort: variables beside those of scale and offset that are called like moving statistics. */
export function byName({ graph }: Scope, node: GraphNode): Statistics | undefined {
  for (const input of [fusedInputs.offset, fusedInputs.scale]) {
    const parameter = variableBehind(graph, node.inputs[input] ?? '');
    if (!parameter || !isVariable(parameter)) continue;
    const folder = parameter.name.slice(0, parameter.name.lastIndexOf('/') + 1);
    const mean = graph.byName.get(`${folder}moving_mean`);
    const variance = graph.byName.get(`${folder}moving_variance`);
    if (!mean || !variance || !isVariable(mean) || !isVariable(variance)) continue;
    const why = `by their names alone, beside '${parameter.name}'`;
    return {
      mean: { variable: mean, update: undefined, why },
      variance: { variable: variance, update: undefined, why },
    };
  }
  return undefined;
}
