/** Where moving statistics are when nothing updates them with those of the op itself. */
import { tensorName } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { fusedInputs, fusedOutputs, isFused, isTraining } from '../../graph/op-kinds/fused-batch-norm.js';
import { isVariable } from '../../graph/variables.js';
import type { Scope } from '../scope.js';
import { variableBehind, variableKey } from './flow.js';
import type { Update } from './moving-averages.js';
import type { Statistic, Statistics } from './statistics.js';

/** Normalisations with known statistics, by scale and offset: those of other branches, or of other towers. */
export class Twins {
  /** Undefined for parameters that are used with several statistics, which tell of none. */
  readonly #found = new Map<string, Statistics | undefined>();

  /** @param updatesOf one update of each variable that keeps averages of a tensor. */
  constructor(
    private readonly graph: Graph,
    private readonly updatesOf: (tensor: string) => readonly Update[],
  ) {
    for (const node of graph.nodes) {
      const key = isFused(node) ? parametersOf(graph, node) : undefined;
      const own = key === undefined ? undefined : this.#ownStatistics(node);
      if (key === undefined || !own) continue;
      this.#found.set(key, !this.#found.has(key) || areSame(this.#found.get(key), own) ? own : undefined);
    }
  }

  /** What the one with the same scale and offset normalises with. */
  statisticsOf(node: GraphNode): Statistics | undefined {
    return this.#found.get(parametersOf(this.graph, node) ?? '');
  }

  #ownStatistics(node: GraphNode): Statistics | undefined {
    const [mean, variance] = [this.#ownStatistic(node, 'mean'), this.#ownStatistic(node, 'variance')];
    return mean && variance && mean.variable !== variance.variable ? { mean, variance } : undefined;
  }

  #ownStatistic(node: GraphNode, kind: 'mean' | 'variance'): Statistic | undefined {
    if (!isTraining(node)) {
      const variable = variableBehind(this.graph, node.inputs[fusedInputs[kind]] ?? '');
      return variable && { variable, update: undefined, why: `as in the other branch, '${node.name}'` };
    }
    const [update, ...others] = this.updatesOf(tensorName(node.name, fusedOutputs[kind]));
    if (!update || others.length > 0) return undefined;
    return { variable: update.variable, update, why: `as '${node.name}' with the same scale and offset` };
  }
}

function areSame(one: Statistics | undefined, other: Statistics): boolean {
  const keys = ({ mean, variance }: Statistics): string[] => [mean, variance].map((each) => variableKey(each.variable));
  return one !== undefined && keys(one).join('\n') === keys(other).join('\n');
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
