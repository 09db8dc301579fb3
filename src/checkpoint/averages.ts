/**
 * Moving averages of variables that training kept beside them, for evaluation: `tf.train.ExponentialMovingAverage` stores that
 * of `w` as `w/ExponentialMovingAverage`, in a variable scope as `scope/w/ExponentialMovingAverage`.
 */
import { PermafrostError } from '../errors.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { listNames } from '../nearest.js';
import type { Checkpoint } from './checkpoint.js';

export const exponentialMovingAverage = '/ExponentialMovingAverage';

export interface Averaged {
  /** By the names of variables. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Names of variables whose average the checkpoint does not have. */
  readonly without: readonly string[];
}

/**
 * Gives each variable its average, where the checkpoint has one of its type and shape.
 * @param bound the tensors of variables, by their names.
 * @param suffix what the keys of averages have behind those of the variables.
 * @param isFixed whether the user has said which key a variable has.
 * @throws PermafrostError INVALID_ARGUMENT where there is not one.
 */
export function takeAverages(
  bound: ReadonlyMap<string, StoredTensor>,
  checkpoint: Checkpoint,
  suffix: string,
  isFixed: (variable: string) => boolean,
): Averaged {
  const inScopes = averagesInScopes(checkpoint, suffix, new Set(Array.from(bound.values(), ({ key }) => key)));
  const tensors = new Map(bound);
  const without: string[] = [];
  for (const [name, tensor] of bound) {
    if (isFixed(name)) continue;
    const average = averageOf(tensor, checkpoint, [`${tensor.key}${suffix}`, ...(inScopes.get(tensor.key) ?? [])]);
    if (average) tensors.set(name, average);
    else without.push(name);
  }
  if (without.length < bound.size || bound.size === 0) return { tensors, without };
  const first = (bound.get(without[0] as string) as StoredTensor).key;
  const beside = [...checkpoint.keys()].filter((key) => key !== first && key.startsWith(first));
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `None of the variables has an average in the checkpoint ${checkpoint.prefix}: it has no key that is a variable's with ` +
      `'${suffix}' behind it. ${beside.length > 0 ? `Beside '${first}' it has ${listNames(beside)}. ` : ''}` +
      'Say with variableSuffix (--variable-suffix) what the keys of the averages end with, or freeze without averages.',
  );
}

/** Names of variables that have an average. */
export function averagesOf(bound: ReadonlyMap<string, StoredTensor>, checkpoint: Checkpoint): string[] {
  const has = ({ key }: StoredTensor): boolean => checkpoint.has(`${key}${exponentialMovingAverage}`);
  return [...bound].filter(([, tensor]) => has(tensor)).map(([name]) => name);
}

/**
 * Keys of averages that are not beside a variable, by the keys that they may belong to: `a/b/w/Suffix` to `b/w` or to `w`.
 * Of several, none can be told to be the right one.
 * @param wanted the keys of variables.
 */
function averagesInScopes(
  checkpoint: Checkpoint,
  suffix: string,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, readonly [string]> {
  const found = new Map<string, [string]>();
  const several = new Set<string>();
  // To look up each end of a long key would take the square of its length.
  const lengths = new Set(Array.from(wanted, (key) => key.length));
  for (const key of checkpoint.keys()) {
    if (!key.endsWith(suffix)) continue;
    const own = key.slice(0, key.length - suffix.length);
    if (checkpoint.has(own)) continue;
    for (let slash = own.indexOf('/'); slash >= 0; slash = own.indexOf('/', slash + 1)) {
      if (!lengths.has(own.length - slash - 1)) continue;
      const variable = own.slice(slash + 1);
      if (found.has(variable)) several.add(variable);
      else if (wanted.has(variable)) found.set(variable, [key]);
    }
  }
  for (const variable of several) found.delete(variable);
  return found;
}

/** Of a part of a variable, the same part of its average. */
function averageOf(tensor: StoredTensor, checkpoint: Checkpoint, keys: readonly string[]): StoredTensor | undefined {
  const own = checkpoint.get(tensor.key) as StoredTensor;
  const isLike = ({ dtype, shape }: StoredTensor): boolean =>
    dtype === own.dtype && shape.length === own.shape.length && shape.every((size, axis) => size === own.shape[axis]);
  const average = keys.map((key) => checkpoint.get(key)).find((each) => each && isLike(each));
  return average && tensor.region ? average.part(tensor.region) : average;
}
