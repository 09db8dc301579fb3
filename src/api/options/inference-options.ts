/** What makes an inference graph of a training graph: its options, and how they are checked. */
import { exponentialMovingAverage } from '../../checkpoint/averages.js';
import { PermafrostError } from '../../errors.js';
import { parseStatistics, type StatisticsNames } from '../../inference/batch-norm/statistics-names.js';
import { type BoundJson, parseBindings } from '../../inference/bindings/binding.js';
import type { InferenceSettings } from '../../inference/inference-settings.js';
import { type InputCut, parseInputs } from '../../inference/inputs/input-cut.js';
import { type RewriteName, rewriteNames } from '../../inference/rewrite-name.js';
import { listNames } from '../../nearest.js';
import type { OptionReader } from './option-reader.js';

export interface InferenceOptions {
  /**
   * Rewrites that make an inference graph of a training graph: `inputs` takes iterators and queues for inputs, `bindings`
   * binds what tells training from inference, `batch-norm` normalises with the moving statistics, `dropout` takes dropout and
   * noise out, `training-ops` what only training needs. True: all of them. Default: none.
   */
  readonly inference?: boolean | string | readonly RewriteName[] | undefined;
  /**
   * Moving statistics of batch normalisation, where the graph does not tell which they are: by the name of the node that
   * normalises, or that computes the mean of the batch, the names of the variables. Or `NODE=MEAN;VARIANCE`, separated by
   * commas or as an array. In a function's body, names are those of its nodes and arguments.
   */
  readonly bnStats?: string | readonly string[] | Readonly<Record<string, StatisticsNames>> | undefined;
  /**
   * Give each variable its moving average, which `tf.train.ExponentialMovingAverage` stored beside it, where the checkpoint
   * has it. Default: false.
   */
  readonly ema?: boolean | undefined;
  /** The same for averages that are stored otherwise: what their keys have behind those of the variables. */
  readonly variableSuffix?: string | undefined;
  /**
   * Values that placeholders, constants or variables are to have from now on, by name; branches that they decide are
   * resolved. An object; or `NAME=VALUE` with the value as in JSON, an array of them, or separated by commas. `NAME` alone
   * gives a PlaceholderWithDefault its default. A variable need not be in the checkpoint then.
   */
  readonly bind?: string | readonly string[] | Readonly<Record<string, BoundJson>> | undefined;
  /**
   * Tensors that placeholders take the place of, so that what is in front of them falls away: objects, or texts such as
   * `IteratorGetNext:0=image:float32[?,224,224,3]`, where all behind `=` may be left out; `auto` stands for all iterators and
   * queues that the outputs need. An array, or separated by commas. Only tensors of the graph itself, not of its functions.
   */
  readonly inputs?: string | readonly (string | InputCut)[] | undefined;
}

/** @throws PermafrostError INVALID_ARGUMENT */
export function readInference(read: OptionReader): InferenceSettings {
  return {
    rewrites: readRewrites(read),
    inputs: parseInputs(read.any('inputs')),
    bindings: parseBindings(read.any('bind')),
    bnStats: parseStatistics(read.any('bnStats')),
  };
}

function readRewrites(read: OptionReader): ReadonlySet<RewriteName> {
  const asked = read.any('inference');
  if (asked === undefined || typeof asked === 'boolean') return new Set(asked ? rewriteNames : []);
  const given = read.names('inference') ?? [];
  const names = rewriteNames.filter((name) => given.includes(name));
  const unknown = given.find((name) => !names.some((each) => each === name));
  if (given.length > 0 && unknown === undefined) return new Set(names);
  const what = unknown === undefined ? 'No rewrite is named' : `There is no rewrite '${unknown}'`;
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `${what} in the option inference (--rewrite). The rewrites are ${listNames(rewriteNames, rewriteNames.length)}.`,
  );
}

/**
 * What the keys of averages have behind those of variables; undefined where none are wanted.
 * @throws PermafrostError INVALID_ARGUMENT
 */
export function readAverages(read: OptionReader): string | undefined {
  const isUsual = read.flag('ema', false);
  const suffix = read.optional('variableSuffix');
  if (suffix === '') {
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      'variableSuffix (--variable-suffix) is empty, and averages have keys other than those of the variables. Leave it out.',
    );
  }
  if (!isUsual || suffix === undefined) return isUsual ? exponentialMovingAverage : suffix;
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `Averages are those of ema or those that end with variableSuffix '${suffix}', not both. Leave one out.`,
  );
}
