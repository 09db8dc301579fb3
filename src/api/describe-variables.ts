/** What a report says of the variables that became constants. */
import { StoredTensor } from '../graph/stored-tensor.js';
import type { FrozenValue } from '../passes/evaluate-initializers.js';
import type { StoredWeight } from '../passes/store-weights.js';
import { isTensor, type Plan } from '../plan/plan.js';
import { valueTypeName } from '../proto/data-types.js';
import type { FrozenVariable } from './report.js';

/**
 * @param weights the variables whose values are stored in another type, by name.
 * @param overflows of each segment of the plan; undefined where it was not written.
 */
export function describeVariables(
  frozen: ReadonlyMap<string, FrozenValue>,
  weights: ReadonlyMap<string, StoredWeight>,
  plan: Plan,
  overflows: Float64Array | undefined,
): FrozenVariable[] {
  const written = conversionsIn(plan, overflows);
  return Array.from(frozen, ([name, value]) => {
    const conversion = value instanceof StoredTensor ? written.get(weights.get(name)?.tensor ?? value) : undefined;
    return {
      name,
      key: value instanceof StoredTensor ? value.key : undefined,
      dtype: valueTypeName(value.dtype),
      shape: value.shape,
      bytes: value.byteLength,
      storedAs: valueTypeName(conversion?.dtype ?? value.dtype),
      overflows: conversion?.overflows ?? 0,
    };
  });
}

interface WrittenConversion {
  readonly dtype: number;
  overflows: number;
}

/** What became of tensors that are stored scaled or in another type, and of those that they were made from. */
function conversionsIn(
  { segments }: Plan,
  overflows: Float64Array | undefined,
): ReadonlyMap<StoredTensor, WrittenConversion> {
  const found = new Map<StoredTensor, WrittenConversion>();
  segments.forEach((segment, index) => {
    if (!isTensor(segment)) return;
    const { tensor } = segment;
    const before = madeFrom(tensor);
    if (!before) return;
    const entry = found.get(tensor) ?? { dtype: tensor.dtype, overflows: 0 };
    entry.overflows += overflows?.[index] ?? 0;
    found.set(tensor, entry);
    for (let each: StoredTensor | undefined = before; each; each = madeFrom(each)) found.set(each, entry);
  });
  return found;
}

function madeFrom({ converted, scaled }: StoredTensor): StoredTensor | undefined {
  return converted?.from ?? scaled?.from;
}
