/** FusedBatchNorm and its versions normalise with moving statistics: `is_training` false, and inputs 3 and 4 read those. */

import { boolAttribute, readType } from '../../graph/attributes.js';
import type { Consumer } from '../../graph/consumers.js';
import { tensorName } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { fusedInputs, fusedOutputs, isFused, isTraining } from '../../graph/op-kinds/fused-batch-norm.js';
import type { Scope } from '../scope.js';
import { chosenByUser } from './chosen-by-user.js';
import type { Evidence } from './evidence.js';
import { isOf, variableBehind, variableKey } from './flow.js';
import { readVariable } from './read-variable.js';
import { chooseByUpdates, reportOf, type Statistic, type Statistics, type StatisticsChoices } from './statistics.js';
import { byName } from './without-updates.js';

/** @returns keys of the variables that hold the statistics of ops like these, of those that have been so all along too. */
export function normalizeFused(scope: Scope, evidence: Evidence, choices: StatisticsChoices): Set<string> {
  const used = new Set<string>();
  for (const node of scope.needed.nodes()) {
    if (!isFused(node) || !evidence.isNeeded(node.name)) continue;
    const isConcerned = choices.concerns(node.name);
    const why = keptAsIs(scope, evidence, node);
    if (why !== undefined) choices.refuse(node.name, why);
    if (!isConcerned) continue;
    if (!isTraining(node)) for (const variable of ownVariables(scope, node)) used.add(variableKey(variable));
    else if (why === undefined) normalize(scope, evidence, choices, node, used);
    else scope.note('batch-norm', node.name, why);
  }
  return used;
}

/** Why nobody can choose its statistics. */
function keptAsIs(scope: Scope, evidence: Evidence, node: GraphNode): string | undefined {
  if (!isTraining(node))
    return 'normalises with the moving statistics that it takes as inputs: its is_training is false';
  if (!readsStatistics(scope, evidence, node)) return undefined;
  return 'normalises by the batch: the outputs read its mean or variance, too';
}

function normalize(
  scope: Scope,
  evidence: Evidence,
  choices: StatisticsChoices,
  node: GraphNode,
  used: Set<string>,
): void {
  const found = statisticsOf(scope, evidence, choices, node);
  if (!found) {
    const why = givesStatisticsOut(scope, node)
      ? 'its function gives the statistics out, maybe for averages that are kept outside: bind what tells training from inference'
      : 'nothing keeps averages of its statistics, as with a layer normalisation';
    scope.note('batch-norm', node.name, `normalises by what it is given: ${why}`);
    return;
  }
  const { isInLoop } = evidence.places.of(node);
  if (isInLoop && !readsAlready(scope, node, found)) {
    scope.note(
      'batch-norm',
      node.name,
      'normalises by the batch: it is in a loop, which its moving statistics do not enter',
    );
    return;
  }
  const dtype = readType(node, 'U') || readType(node, 'T');
  const inputs = [...node.inputs];
  for (const [kind, statistic] of Object.entries(found) as ['mean' | 'variance', Statistic][]) {
    const key = variableKey(statistic.variable);
    used.add(key);
    const input = fusedInputs[kind];
    if (isOf(scope.graph, inputs[input] as string, key)) continue;
    const name = `${node.name}/moving_${kind}`;
    inputs[input] = readVariable(scope, name, statistic.variable, statistic.update?.write, dtype);
  }
  scope.replace(node.edit({ inputs, set: { is_training: boolAttribute(false) } }));
  scope.report('batch-norm', node.name, reportOf(scope, found));
}

function statisticsOf(
  scope: Scope,
  evidence: Evidence,
  choices: StatisticsChoices,
  node: GraphNode,
): Statistics | undefined {
  const updates = (kind: 'mean' | 'variance') => evidence.of(tensorName(node.name, fusedOutputs[kind]));
  const chosen = choices.take(node.name);
  if (chosen) {
    const scale = variableBehind(scope.graph, node.inputs[fusedInputs.scale] ?? '');
    return {
      mean: chosenByUser(scope, node.name, chosen.mean, updates('mean'), scale),
      variance: chosenByUser(scope, node.name, chosen.variance, updates('variance'), scale),
    };
  }
  const mean = chooseByUpdates(scope, node.name, 'mean', updates('mean'));
  const variance = chooseByUpdates(scope, node.name, 'variance', updates('variance'));
  if (mean && variance) return { mean, variance };
  const [ownMean, ownVariance] = ownVariables(scope, node);
  if (ownMean && ownVariance && ownMean !== ownVariance) {
    const why = 'which it takes as inputs already';
    return { mean: statistic(ownMean, why), variance: statistic(ownVariance, why) };
  }
  return evidence.twins.statisticsOf(node) ?? byName(scope, node);
}

function statistic(variable: GraphNode, why: string): Statistic {
  return { variable, update: undefined, why };
}

function readsAlready({ graph }: Scope, { inputs }: GraphNode, { mean, variance }: Statistics): boolean {
  const isRead = (input: number, { variable }: Statistic) => isOf(graph, inputs[input] ?? '', variableKey(variable));
  return isRead(fusedInputs.mean, mean) && isRead(fusedInputs.variance, variance);
}

/** Those that inputs 3 and 4 read, where they read any. */
export function ownVariables({ graph }: Scope, node: GraphNode): GraphNode[] {
  return [fusedInputs.mean, fusedInputs.variance].flatMap(
    (input) => variableBehind(graph, node.inputs[input] ?? '') ?? [],
  );
}

/** Whether they are results of the function that the op is in, read or not. */
function givesStatisticsOut(scope: Scope, { name }: GraphNode): boolean {
  const { mean, variance } = fusedOutputs;
  const given = scope.readers(name).filter(({ port }) => port === mean || port === variance);
  const isResult = ({ node }: Consumer): boolean => node.op === '_Retval';
  return given.some((reader) => {
    const isHandedOn = reader.node.op === 'Identity' && reader.input === 0;
    return isResult(reader) || (isHandedOn && scope.readers(reader.node.name).some(isResult));
  });
}

/** Whether the outputs need the statistics of the batch for more than averages. */
function readsStatistics(scope: Scope, evidence: Evidence, node: GraphNode): boolean {
  const { mean, variance } = fusedOutputs;
  return scope
    .readers(node.name)
    .some(({ node: reader, port }) => (port === mean || port === variance) && evidence.isNeeded(reader.name));
}
