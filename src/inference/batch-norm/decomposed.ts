/**
 * Batch normalisation that is made of single ops: the tensor that the moving average is kept of becomes the moving average.
 * Normalisations that keep no averages (of an instance, a layer, a group) and statistics with other uses stay as they are.
 */
import type { Consumer } from '../../graph/consumers.js';
import type { Scope } from '../scope.js';
import { centersOnly } from './centering.js';
import { chosenByUser } from './chosen-by-user.js';
import type { Evidence } from './evidence.js';
import { variableKey } from './flow.js';
import { type BatchStatistic, keptAverages, statisticOf } from './kept-statistics.js';
import { isDeviation, rootsOf, usesOfMean } from './normalization.js';
import { noteOthers } from './note-others.js';
import { putAverage, type Replacement, replacementOf } from './replace-statistic.js';
import { twinsOf } from './same-parameters.js';
import {
  calledAs,
  chooseByUpdates,
  reportOf,
  type Statistic,
  type Statistics,
  type StatisticsChoices,
} from './statistics.js';
import { WaysOn } from './ways-on.js';

/** @returns keys of the variables that hold the statistics. */
export function normalizeDecomposed(scope: Scope, evidence: Evidence, choices: StatisticsChoices): Set<string> {
  const used = new Set<string>();
  const kept = keptAverages(scope, evidence);
  const own = kept.flatMap((each) => statisticOf(scope, evidence, each) ?? []);
  const statistics = [...own, ...twinsOf(scope, evidence, kept)];
  const variances = new Map<string, BatchStatistic>();
  for (const each of statistics) {
    for (const root of rootNames(scope, evidence, each)) variances.set(root, each);
  }
  const roots = new Set(variances.keys());
  const inStatistic = [...variances.values()].flatMap(({ updates }) => updates.flatMap(({ chain }) => [...chain]));
  const waysOn = new WaysOn(scope, evidence, new Set(inStatistic));
  const isVariance = new Set(variances.values());
  const done = new Set<BatchStatistic>();
  // Those that could normalise otherwise, if somebody named them.
  const unasked = new Set<BatchStatistic>();
  for (const mean of statistics) {
    if (isVariance.has(mean)) continue;
    const found = usesOfMean(scope, evidence, mean.uses ?? [], roots, waysOn);
    const [variance, ...others] = new Set([...(found?.roots ?? [])].map((root) => variances.get(root)));
    if (!found || !variance || others.length > 0 || done.has(variance)) continue;
    const isConcerned = choices.concerns(mean.tensor);
    choices.refuse(variance.tensor, `is the variance that goes with '${mean.tensor}', whose name stands for both`);
    if (!isConcerned) {
      unasked.add(mean).add(variance);
      continue;
    }
    const keys = normalize(scope, evidence, choices, mean, found.normalizing, variance);
    if (!keys) continue;
    done.add(mean).add(variance);
    for (const key of keys) used.add(key);
  }
  for (const each of statistics) {
    if (done.has(each) || unasked.has(each) || isVariance.has(each)) continue;
    if (!centersOnly(scope, each.node, each.uses ?? [])) continue;
    if (!choices.concerns(each.tensor)) {
      unasked.add(each);
      continue;
    }
    const key = center(scope, evidence, choices, each);
    if (key === undefined) continue;
    done.add(each);
    used.add(key);
  }
  const left = statistics.filter((each) => !done.has(each) && !unasked.has(each));
  noteOthers(scope, evidence, choices, kept, left);
  return used;
}

function rootNames(scope: Scope, evidence: Evidence, { node, uses = [] }: BatchStatistic): readonly string[] {
  return isDeviation(node, uses) ? [node.name] : (rootsOf(scope, evidence, uses) ?? []);
}

/** Of a normalisation by the mean alone. @returns the key of the variable; undefined where it is something else. */
function center(
  scope: Scope,
  evidence: Evidence,
  choices: StatisticsChoices,
  mean: BatchStatistic,
): string | undefined {
  const name = mean.tensor;
  const chosen = choices.take(name);
  const statistic = chosen
    ? chosenByUser(scope, name, chosen.mean, mean.updates)
    : (chooseByUpdates(scope, name, 'mean', mean.updates) as Statistic);
  const replacement = replacementOf(scope, evidence.places, 'mean', mean.uses ?? [], statistic);
  if (!replacement) return undefined;
  putAverage(scope, evidence.places, replacement);
  scope.report('batch-norm', mean.node.name, `centers by ${calledAs(scope, statistic)}, ${statistic.why}`);
  return variableKey(statistic.variable);
}

/** @returns the keys of the variables; undefined where it cannot be done. */
function normalize(
  scope: Scope,
  { places }: Evidence,
  choices: StatisticsChoices,
  mean: BatchStatistic,
  meanUses: readonly Consumer[],
  variance: BatchStatistic,
): string[] | undefined {
  const found = choose(scope, choices, mean, variance);
  const replacements = [
    replacementOf(scope, places, 'mean', meanUses, found.mean),
    replacementOf(scope, places, 'variance', variance.uses ?? [], found.variance),
  ];
  if (!replacements.every((each): each is Replacement => each !== undefined)) {
    scope.note('batch-norm', mean.node.name, 'is a mean of the batch: its average has another shape, or another loop');
    return undefined;
  }
  for (const each of replacements) putAverage(scope, places, each);
  scope.report('batch-norm', mean.node.name, reportOf(scope, found));
  return [found.mean, found.variance].map(({ variable }) => variableKey(variable));
}

function choose(scope: Scope, choices: StatisticsChoices, mean: BatchStatistic, variance: BatchStatistic): Statistics {
  const name = mean.tensor;
  const chosen = choices.take(name);
  if (chosen) {
    return {
      mean: chosenByUser(scope, name, chosen.mean, mean.updates),
      variance: chosenByUser(scope, name, chosen.variance, variance.updates),
    };
  }
  const found = {
    mean: chooseByUpdates(scope, name, 'mean', mean.updates) as Statistic,
    variance: chooseByUpdates(scope, name, 'variance', variance.updates) as Statistic,
  };
  if (!mean.twin) return found;
  const why = `as '${mean.twin.name}' with the same scale and offset`;
  return { mean: { ...found.mean, why }, variance: { ...found.variance, why } };
}
