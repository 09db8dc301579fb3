/**
 * Says which norms go on with the batch although averages of its statistics seem to exist, where nothing else has said so:
 * their formula, or that of the averages, is one that the rewrite does not know.
 */
import { dataInputs } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { isGradient } from '../../graph/op-kinds/training.js';
import { dataUpstream, upstream } from '../../graph/upstream.js';
import type { Scope } from '../scope.js';
import { isOfAllExamples } from './batch-statistic.js';
import { standsForVariable, variableBehind, variableKey } from './flow.js';
import { writes } from './moving-averages.js';
import { rootOps } from './normalization.js';
import { originsOf } from './origins.js';
import { calledAs, type StatisticsChoices } from './statistics.js';

const calledVariance = /(^|[/_])(moving|running)_var(iance)?(_\d+)?(\/|$)/;

/** @param used keys of the variables that inference normalises with. */
export function noteNormsLeft(scope: Scope, choices: StatisticsChoices, used: ReadonlySet<string>): void {
  if (!choices.all || !scope.graph.nodes.some(({ op }) => rootOps.has(op))) return;
  const averages = averagesByOrigin(scope.graph, used);
  const named = variancesByName(scope, used);
  if (averages.size === 0 && named.length === 0) return;
  const { graph } = scope.finish();
  const noted = scope.noted('batch-norm');
  for (const { name, op, inputs } of upstream(graph, scope.outputs).nodes()) {
    if (!rootOps.has(op)) continue;
    const { passed, origins } = originsOf(graph, inputs[0] ?? '');
    if ([...passed].some((node) => noted.has(node.name) || isGradient(node))) continue;
    const kept = new Set(origins.flatMap((origin) => [...(averages.get(origin.name) ?? [])]));
    if (kept.size > 0) {
      const text = `goes on with the batch: its statistic goes into averages, ${listOf(scope, [...kept])}, in a way that is not known here`;
      scope.note('batch-norm', name, text);
    } else if (named.length > 0 && isOfData(graph, inputs[0] ?? '', origins)) {
      const text = `goes on with the batch: nothing tells whether ${listOf(scope, named)} is an average of its statistic`;
      scope.note('batch-norm', name, text);
    }
  }
}

function listOf(scope: Scope, variables: readonly GraphNode[]): string {
  const [first, second] = variables.map((variable) => calledAs(scope, { variable }));
  return second === undefined ? `${first}` : `${first} or ${second}${variables.length > 2 ? ' or others' : ''}`;
}

/** The variables that are blended with what comes of a node, by the name of that. */
function averagesByOrigin(graph: Graph, used: ReadonlySet<string>): ReadonlyMap<string, ReadonlySet<GraphNode>> {
  const found = new Map<string, Set<GraphNode>>();
  for (const { op, inputs } of graph.nodes) {
    const variable = writes.has(op) ? variableBehind(graph, inputs[0] ?? '') : undefined;
    if (!variable || used.has(variableKey(variable))) continue;
    const { passed, origins } = originsOf(graph, inputs[1] ?? '');
    const isBlend = [...passed].some((node) => variableKey(node) === variableKey(variable));
    if (!isBlend || [...passed].some(isGradient)) continue;
    for (const { name } of origins) found.set(name, (found.get(name) ?? new Set()).add(variable));
  }
  return found;
}

/** Variables that inference has no use for, and that are called like the moving variance of a norm. */
function variancesByName(scope: Scope, used: ReadonlySet<string>): GraphNode[] {
  return scope.graph.nodes.filter((node) => {
    if (!standsForVariable(node)) return false;
    if (used.has(variableKey(node)) || scope.needed.has(node.name)) return false;
    return scope.variableNames(node).some((name) => calledVariance.test(name));
  });
}

/** Whether all examples of a batch are reduced, and not weights. */
function isOfData(graph: Graph, input: string, origins: readonly GraphNode[]): boolean {
  if (!isOfAllExamples(graph, input)) return false;
  const names = origins.map(({ name }) => name);
  const sources = dataUpstream(graph, names, dataInputs).nodes();
  return sources.some((node) => dataInputs(node).length === 0 && !isStored(node));
}

function isStored(node: GraphNode): boolean {
  return node.op === 'Const' || standsForVariable(node);
}
