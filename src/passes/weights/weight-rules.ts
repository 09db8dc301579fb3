/** Which variables are stored in which type: rules that callers write as `float16`, `embeddings/*=int8`. */
import { PermafrostError } from '../../errors.js';
import { StoredTensor } from '../../graph/stored-tensor.js';
import { patternMatcher } from '../../name-pattern.js';
import { listNames, nearest } from '../../nearest.js';
import { DataType } from '../../proto/data-types.js';
import type { FrozenValue } from '../evaluate-initializers.js';

const weightTypes = ['float16', 'bfloat16', 'int8', 'float32'] as const;
export type WeightType = (typeof weightTypes)[number];

/** A type for all large variables, or for those whose names match: `*` stands for any characters, `?` for one. */
export type WeightRuleText = WeightType | `${string}=${WeightType}`;

export interface WeightRule {
  readonly type: WeightType;
  /** Undefined: all variables that are large. */
  readonly pattern: string | undefined;
}

/**
 * Of variables that no pattern names, those with fewer dimensions stay what they are: biases, scales and moving averages
 * take next to nothing, and a variance that was rounded to 0 would spoil a layer.
 */
const leastRank = 2;

/** And those with fewer elements: what they would save is not worth two more nodes. */
const leastElements = 1024;

/** @throws PermafrostError INVALID_ARGUMENT */
export function parseWeightRules(texts: readonly string[]): WeightRule[] {
  return texts.map((text) => {
    const equals = text.lastIndexOf('=');
    const type = weightTypes.find((known) => known === text.slice(equals + 1));
    if (type && equals !== 0) return { type, pattern: equals < 0 ? undefined : text.slice(0, equals) };
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `Expected rules such as 'float16' or 'dense/*=int8' for weights but received '${text}'. ` +
        `The types are ${weightTypes.join(', ')}.`,
    );
  });
}

/** A tensor that can be stored in another type, and in which. */
export interface ChosenWeight {
  readonly tensor: StoredTensor;
  readonly type: Exclude<WeightType, 'float32'>;
}

export interface ChosenWeights {
  /** By name. */
  readonly chosen: ReadonlyMap<string, ChosenWeight>;
  /** Names that a pattern matches, of variables that can be stored as they are only. */
  readonly unchanged: readonly string[];
}

/**
 * Of several rules for one variable, the last one counts. Only float32 that the checkpoint holds is stored in other types,
 * and only what has two elements or more.
 * @throws PermafrostError INVALID_ARGUMENT where a pattern matches no variable that could be.
 */
export function chooseWeights(frozen: ReadonlyMap<string, FrozenValue>, rules: readonly WeightRule[]): ChosenWeights {
  const chosen = new Map<string, ChosenWeight>();
  const unchanged = new Set<string>();
  for (const { type, pattern } of rules) {
    const matches = pattern === undefined ? undefined : patternMatcher(pattern);
    let reached = 0;
    for (const [name, value] of frozen) {
      const tensor = isConvertible(value) ? value : undefined;
      if (matches ? !matches(name) : !tensor || !isLarge(tensor)) continue;
      chosen.delete(name);
      unchanged.delete(name);
      if (tensor || (type === 'float32' && value.dtype === DataType.float32)) reached++;
      if (type === 'float32') continue;
      if (tensor) chosen.set(name, { tensor, type });
      else unchanged.add(name);
    }
    if (pattern !== undefined && reached === 0) throw matchesNothing(pattern, type, frozen);
  }
  return { chosen, unchanged: [...unchanged] };
}

function isConvertible(value: FrozenValue): value is StoredTensor {
  return value instanceof StoredTensor && value.dtype === DataType.float32 && value.elementCount >= 2;
}

/** Whether a type alone, without a pattern, is for it. */
export function isLarge({ shape, elementCount }: Pick<StoredTensor, 'shape' | 'elementCount'>): boolean {
  return shape.length >= leastRank && elementCount >= leastElements;
}

function matchesNothing(pattern: string, type: WeightType, frozen: ReadonlyMap<string, FrozenValue>): PermafrostError {
  const candidates = [...frozen].filter(([, value]) => isConvertible(value)).map(([name]) => name);
  const near = nearest(pattern, candidates);
  const hint =
    near.length > 0
      ? `The nearest names are ${listNames(near)}.`
      : `Such variables are ${listNames(candidates) || 'not in this model'}.`;
  return new PermafrostError(
    'INVALID_ARGUMENT',
    `The rule '${pattern}=${type}' for weights matches no float32 variable of two elements or more that gets its value from ` +
      `the checkpoint. ${hint}`,
  );
}
