/** What makes an inference graph of a training graph: its options, and how they are checked. */
import { exponentialMovingAverage } from '../checkpoint/averages.js';
import { PermafrostError } from '../errors.js';
import type { StatisticsNames } from '../inference/batch-norm/statistics.js';
import { type RewriteName, rewriteNames } from '../inference/rewrite-name.js';
import type { InferenceSettings } from '../inference/to-inference.js';
import type { OptionReader } from './option-reader.js';

export interface InferenceOptions {
  /**
   * Rewrites that make an inference graph of a training graph: `batch-norm` normalises with the moving statistics, `dropout`
   * takes dropout and noise out, `training-ops` what only training needs. True: all of them. Default: none.
   */
  readonly inference?: boolean | string | readonly RewriteName[];
  /**
   * Moving statistics of batch normalisation, where the graph does not tell which they are: by the name of the node that
   * normalises, or that computes the mean of the batch, the names of the variables. Or `NODE=MEAN;VARIANCE`, separated by
   * commas or as an array. In a function's body, names are those of its nodes and arguments.
   */
  readonly bnStats?: string | readonly string[] | Readonly<Record<string, StatisticsNames>>;
  /**
   * Give each variable its moving average, which `tf.train.ExponentialMovingAverage` stored beside it, where the checkpoint
   * has it. Default: false.
   */
  readonly ema?: boolean;
  /** The same for averages that are stored otherwise: what their keys have behind those of the variables. */
  readonly variableSuffix?: string;
}

/** Those of a freeze that changes nothing of the kind. */
export const noInference: InferenceSettings = { rewrites: new Set() };

/** @throws PermafrostError INVALID_ARGUMENT */
export function readInference(read: OptionReader): InferenceSettings {
  const all = read.any('inference');
  const asked = typeof all !== 'boolean' ? read.choices('inference', rewriteNames) : all ? rewriteNames : [];
  return { rewrites: new Set(asked), bnStats: readStatistics(read) };
}

function readStatistics(read: OptionReader): Map<string, StatisticsNames> {
  const given = read.any('bnStats');
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return new Map((read.names('bnStats') ?? []).map(parseStatistics));
  }
  return new Map(
    Object.entries(given).map(([node, names]) =>
      parseStatistics(`${node}=${names?.mean ?? ''};${names?.variance ?? ''}`),
    ),
  );
}

function parseStatistics(text: string): [string, StatisticsNames] {
  const [, node, mean, variance] = /^([^=;]+)=([^=;]+);([^=;]+)$/.exec(text)?.map((part) => part.trim()) ?? [];
  if (node && mean && variance) return [node, { mean, variance }];
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `bnStats (--bn-stats) takes NODE=MEAN;VARIANCE, the names of a node and of two variables, not '${text}'.`,
  );
}

/**
 * What the keys of averages have behind those of variables; undefined where none are wanted.
 * @throws PermafrostError INVALID_ARGUMENT
 */
export function readAverages(read: OptionReader): string | undefined {
  const isUsual = read.flag('ema', false);
  const suffix = read.optional('variableSuffix') || undefined;
  if (!isUsual || suffix === undefined) return isUsual ? exponentialMovingAverage : suffix;
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `Averages are those of ema or those that end with variableSuffix '${suffix}', not both. Leave one out.`,
  );
}

/** Whether the graph is rewritten at all. */
export function rewrites({ rewrites: asked, bnStats }: InferenceSettings): boolean {
  return asked.size > 0 || (bnStats?.size ?? 0) > 0;
}
