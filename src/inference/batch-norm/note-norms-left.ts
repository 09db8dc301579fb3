/**
 * Says which norms go on with the batch although averages of its statistics seem to exist, where nothing else has said so:
 * their formula, or that of the averages, is one that the rewrite does not know.
 */
import { dataInputs, isControlInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { isGradient } from '../../graph/op-kinds/training.js';
import { type NodeSet, reach, upstream } from '../../graph/upstream.js';
import type { Scope } from '../scope.js';
import { isOfAllExamples } from './batch-statistic.js';
import { standsForVariable, variableBehind, variableKey } from './flow.js';
import { writes } from './moving-averages.js';
import { rootOps } from './normalization.js';
import { originsOf } from './origins.js';
import { calledAs, type StatisticsChoices } from './statistics.js';

/** How many of several variables are named. */
const listed = 2;

const calledVariance = /(^|[/_])(moving|running)_var(iance)?(_\d+)?(\/|$)/;

/** @param used keys of the variables that inference normalises with. */
export function noteNormsLeft(scope: Scope, choices: StatisticsChoices, used: ReadonlySet<string>): void {
  if (!choices.all || !scope.graph.nodes.some(({ op }) => rootOps.has(op))) return;
  const averages = averagesByOrigin(scope.graph, used);
  const named = variancesByName(scope, used);
  if (averages.size === 0 && named.length === 0) return;
  const { graph } = scope.finish();
  const noted = scope.noted('batch-norm');
  const told = new Set(graph.nodes.filter((node) => noted.has(node.name) || isGradient(node)));
  let ofData: NodeSet | undefined;
  const isOfData = (input: string, origins: readonly GraphNode[]): boolean => {
    if (!isOfAllExamples(graph, input)) return false;
    ofData ??= nodesOfData(graph);
    return origins.some(({ name }) => ofData?.has(name));
  };
  for (const { name, op, inputs } of upstream(graph, scope.outputs).nodes()) {
    if (!rootOps.has(op)) continue;
    const { passed, origins } = originsOf(graph, inputs[0] ?? '');
    if (passed.some((node) => told.has(node))) continue;
    const kept = averagesOf(origins, averages);
    if (kept.length > 0) {
      const text = `goes on with the batch: its statistic goes into averages, ${listOf(scope, kept)}, in a way that is not known here`;
      scope.note('batch-norm', name, text);
    } else if (named.length > 0 && isOfData(inputs[0] ?? '', origins)) {
      const text = `goes on with the batch: nothing tells whether ${listOf(scope, named)} is an average of its statistic`;
      scope.note('batch-norm', name, text);
    }
  }
}

function listOf(scope: Scope, variables: readonly GraphNode[]): string {
  const named = variables.slice(0, listed).map((variable) => calledAs(scope, { variable }));
  return `${named.join(' or ')}${variables.length > listed ? ' or others' : ''}`;
}

/** Those of any of the origins, as many as are told of: thousands of norms may have thousands in common. */
function averagesOf(
  origins: readonly GraphNode[],
  averages: ReadonlyMap<string, ReadonlySet<GraphNode>>,
): readonly GraphNode[] {
  const found = new Set<GraphNode>();
  for (const { name } of origins) {
    for (const variable of averages.get(name) ?? []) {
      if (found.add(variable).size > listed) return [...found];
    }
  }
  return [...found];
}

/** The variables that are blended with what comes of a node, by the name of that. */
function averagesByOrigin(graph: Graph, used: ReadonlySet<string>): ReadonlyMap<string, ReadonlySet<GraphNode>> {
  const found = new Map<string, Set<GraphNode>>();
  const gradients = new Set(graph.nodes.filter(isGradient));
  for (const { op, inputs } of graph.nodes) {
    const variable = writes.has(op) ? variableBehind(graph, inputs[0] ?? '') : undefined;
    const key = variable && variableKey(variable);
    if (!variable || key === undefined || used.has(key)) continue;
    const { passed, origins } = originsOf(graph, inputs[1] ?? '');
    const isBlend = passed.some((node) => variableKey(node) === key);
    if (!isBlend || passed.some((node) => gradients.has(node))) continue;
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

/** The nodes that are computed from data, and not from weights alone. */
function nodesOfData(graph: Graph): NodeSet {
  const { nodes, wiring } = graph;
  const sources = nodes.flatMap((node, position) => (dataInputs(node).length === 0 && !isStored(node) ? position : []));
  return reach(graph, sources, (position, visit) => {
    wiring.forEachReader(wiring.numbers[position] as number, (reader, input) => {
      if (!isControlInput((nodes[reader] as GraphNode).inputs[input] as string)) visit(reader);
    });
  });
}

function isStored(node: GraphNode): boolean {
  return node.op === 'Const' || standsForVariable(node);
}
