/** What a user says of normalisations: which variables hold their moving statistics. */
import { invalidArgument, type PermafrostError } from '../../errors.js';
import { shown } from '../../printable.js';
import { splitAtCommas } from '../split-at-commas.js';

/** Names of variables, or of arguments of a function. */
export interface StatisticsNames {
  readonly mean: string;
  readonly variance: string;
}

/**
 * @param given `NODE=MEAN;VARIANCE`, several of them separated by commas or in an array; or an object of both names by that of
 * the node that normalises, or that computes the mean of the batch.
 * @throws PermafrostError INVALID_ARGUMENT
 */
export function parseStatistics(given: unknown): Map<string, StatisticsNames> {
  if (given === undefined) return new Map();
  const texts = typeof given === 'string' ? splitAtCommas(given) : given;
  if (typeof given === 'string' && Array.isArray(texts) && texts.length === 0) throw invalid(given);
  if (Array.isArray(texts)) return onceEach(texts.map(parseText));
  if (typeof texts !== 'object' || texts === null) throw invalid(given);
  return onceEach(Object.entries(texts).map(([node, names]) => pairOf(node, checkNames(names))));
}

/** @throws PermafrostError INVALID_ARGUMENT where a node has several pairs. */
function onceEach(pairs: readonly (readonly [string, StatisticsNames])[]): Map<string, StatisticsNames> {
  const all = new Map<string, StatisticsNames>();
  for (const [node, names] of pairs) {
    const { mean, variance } = all.get(node) ?? names;
    if (mean !== names.mean || variance !== names.variance) {
      const both = [{ mean, variance }, names].map((each) => `'${each.mean};${each.variance}'`).join(' and ');
      throw invalidArgument(
        `bnStats (--bn-stats) names '${node}' twice, with ${both}. Name it once, with the statistics that it is to have.`,
      );
    }
    all.set(node, names);
  }
  return all;
}

function parseText(text: unknown): [string, StatisticsNames] {
  const parts = typeof text === 'string' ? /^([^=;]+)=([^=;]+);([^=;]+)$/.exec(text.trim()) : undefined;
  const [, node, mean, variance] = (parts ?? []).map((part) => part.trim());
  if (node && mean && variance) return pairOf(node, { mean, variance });
  throw invalid(text);
}

/** @throws PermafrostError INVALID_ARGUMENT where one variable is to be both. */
function pairOf(node: string, names: StatisticsNames): [string, StatisticsNames] {
  const [of, mean, variance] = [node, names.mean, names.variance].map(nodeName) as [string, string, string];
  if (mean !== variance) return [of, { mean, variance }];
  throw invalidArgument(
    `bnStats (--bn-stats) names '${mean}' for the mean and the variance of '${of}'. Name the two variables that hold them.`,
  );
}

/** People name tensors where nodes are meant. */
function nodeName(name: string): string {
  return name.replace(/:0$/, '');
}

function checkNames(names: unknown): StatisticsNames {
  const { mean, variance } = (names ?? {}) as Partial<Record<string, unknown>>;
  if (typeof mean === 'string' && typeof variance === 'string') return { mean, variance };
  throw invalid(names);
}

function invalid(given: unknown): PermafrostError {
  return invalidArgument(
    `bnStats (--bn-stats) takes NODE=MEAN;VARIANCE, the names of a node and of two variables, not ${shown(given)}.`,
  );
}
