/** What callers say of devices as a whole: `clear`, `keep`, or a list in the order of preference such as `npu:0,gpu:0,cpu`. */
import { PermafrostError } from '../errors.js';

/** A device by its target and its number there. */
export interface NamedDevice {
  readonly target: string;
  readonly index: number;
}

export type Preference = 'clear' | 'keep' | readonly NamedDevice[];

/** @throws PermafrostError INVALID_ARGUMENT */
export function parsePreference(names: readonly string[]): Preference {
  const [first] = names;
  if (names.length === 1 && (first === 'clear' || first === 'keep')) return first;
  return names.map(parseNamedDevice);
}

/** @param text `gpu` or `gpu:1`. @throws PermafrostError INVALID_ARGUMENT */
export function parseNamedDevice(text: string): NamedDevice {
  const [, target = '', index = '0'] = /^([a-z][a-z0-9_]*)(?::(\d{1,9}))?$/.exec(text) ?? [];
  if (target !== '') return { target, index: Number(index) };
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `Expected clear, keep, or devices such as 'gpu:0,cpu' in the order of preference, but received '${text}'.`,
  );
}
