/** Where moving statistics are when nothing in the graph updates them. */
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { fusedInputs, isFused, isTraining } from '../../graph/op-kinds/fused-batch-norm.js';
import { isVariable } from '../../graph/variables.js';
import type { Scope } from '../scope.js';
import { variableBehind, variableKey } from './flow.js';
import type { Statistics } from './statistics.js';

/** Normalisations of other branches, which normalise with moving statistics, by scale and offset. */
export class Twins {
  readonly #found = new Map<string, GraphNode>();

  constructor(private readonly graph: Graph) {
    for (const node of graph.nodes) {
      const key = isFused(node) && !isTraining(node) ? parametersOf(graph, node) : undefined;
      if (key !== undefined) this.#found.set(key, node);
    }
  }

  /** What the one with the same scale and offset normalises with. */
  statisticsOf(node: GraphNode): Statistics | undefined {
    const twin = this.#found.get(parametersOf(this.graph, node) ?? '');
    const mean = twin && variableBehind(this.graph, twin.inputs[fusedInputs.mean] ?? '');
    const variance = twin && variableBehind(this.graph, twin.inputs[fusedInputs.variance] ?? '');
    if (!twin || !mean || !variance || mean === variance) return undefined;
    const why = `as in the other branch, '${twin.name}'`;
    return {
      mean: { variable: mean, update: undefined, why },
      variance: { variable: variance, update: undefined, why },
    };
  }
}

/** Scale and offset, as far as they are variables. */
function parametersOf(graph: Graph, node: GraphNode): string | undefined {
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
