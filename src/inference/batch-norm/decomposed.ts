/**
 * Batch normalisation that is made of single ops: the tensor that the moving average is kept of becomes the moving average.
 * Normalisations that keep no averages (of an instance, a layer, a group) and statistics with other uses stay as they are.
 */
import type { Consumer } from '../../graph/consumers.js';
import type { GraphNode } from '../../graph/node.js';
import { isFused } from '../../graph/op-kinds/fused-batch-norm.js';
import type { Scope } from '../scope.js';
import type { Evidence } from './evidence.js';
import { producerOf, variableKey } from './flow.js';
import type { Update } from './moving-averages.js';
import { rootsOf, usesOfMean } from './normalization.js';
import { putAverage, type Replacement, replacementOf } from './replace-statistic.js';
import {
  chooseByUpdates,
  chosenByUser,
  reportOf,
  type Statistic,
  type Statistics,
  type StatisticsChoices,
} from './statistics.js';
import { usesOf } from './uses.js';

/** A tensor that the batch comes to, and of which averages are kept. */
interface BatchStatistic {
  readonly node: GraphNode;
  readonly updates: readonly Update[];
  /** Undefined where it goes to an output, or everywhere. */
  readonly uses: readonly Consumer[] | undefined;
}

/** @returns keys of the variables that hold the statistics. */
export function normalizeDecomposed(scope: Scope, evidence: Evidence, choices: StatisticsChoices): Set<string> {
  const used = new Set<string>();
  const statistics = statisticsOf(scope, evidence);
  if (statistics.length === 0) return used;
  const variances = new Map<string, BatchStatistic>();
  for (const each of statistics) {
    for (const root of rootsOf(scope, evidence, each.uses ?? []) ?? []) variances.set(root, each);
  }
  const roots = new Set(variances.keys());
  const inStatistic = new Set(
    [...variances.values()].flatMap(({ updates }) => updates.flatMap(({ chain }) => [...chain])),
  );
  const isVariance = new Set(variances.values());
  const done = new Set<BatchStatistic>();
  for (const mean of statistics) {
    if (isVariance.has(mean)) continue;
    const own = usesOfMean(scope, evidence, mean.uses ?? [], roots, (name) => inStatistic.has(name));
    const [variance, ...others] = new Set([...(own?.roots ?? [])].map((root) => variances.get(root)));
    if (!own || !variance || others.length > 0 || done.has(variance) || !choices.concerns(mean.node.name)) continue;
    const keys = normalize(scope, evidence, choices, mean, own.normalizing, variance);
    if (!keys) continue;
    done.add(mean).add(variance);
    for (const key of keys) used.add(key);
  }
  noteOthers(
    scope,
    choices,
    statistics.filter((each) => !done.has(each)),
  );
  return used;
}

/** Whoever knows of moving averages expects them to be read. */
function noteOthers(scope: Scope, choices: StatisticsChoices, statistics: readonly BatchStatistic[]): void {
  for (const { node } of statistics) {
    if (!choices.concerns(node.name)) continue;
    const text = 'is a statistic of the batch with a moving average: the outputs need it for more than to normalise';
    scope.note('batch-norm', node.name, text);
  }
}

function statisticsOf(scope: Scope, evidence: Evidence): BatchStatistic[] {
  const groups = new Map<string, Update[]>();
  for (const update of evidence.updates) {
    const end = update.chain.at(-1);
    const node = end === undefined ? undefined : producerOf(scope.graph, end);
    if (end === undefined || !node || isFused(node) || !evidence.isNeeded(node.name)) continue;
    groups.set(end, [...(groups.get(end) ?? []), update]);
  }
  return [...groups].flatMap(([end, updates]) => {
    const chain = new Set(updates.flatMap((update) => [...update.chain]));
    const keys = new Set(updates.map(({ variable }) => variableKey(variable)));
    const uses = usesOf(scope, evidence, [end], chain, keys);
    const node = producerOf(scope.graph, end) as GraphNode;
    return uses?.length === 0 ? [] : { node, updates, uses };
  });
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
  scope.report('batch-norm', mean.node.name, reportOf(found));
  return [found.mean, found.variance].map(({ variable }) => variableKey(variable));
}

function choose(scope: Scope, choices: StatisticsChoices, mean: BatchStatistic, variance: BatchStatistic): Statistics {
  const name = mean.node.name;
  const chosen = choices.take(name);
  if (chosen) {
    return {
      mean: chosenByUser(scope, name, chosen.mean, mean.updates),
      variance: chosenByUser(scope, name, chosen.variance, variance.updates),
    };
  }
  return {
    mean: chooseByUpdates(name, 'mean', mean.updates) as Statistic,
    variance: chooseByUpdates(name, 'variance', variance.updates) as Statistic,
  };
}
