/** What of `freeze`'s options says where nodes go, and how it is checked. */

import { type ConstantChange, constantChanges } from '../../devices/constants/constant-changes.js';
import { type Preference, parsePreference } from '../../devices/preference.js';
import { checkPlaceRules, whereInOption } from '../../devices/rules/check-place-rules.js';
import type { PlaceNode, PlaceRules } from '../../devices/rules/place-rule.js';
import { PermafrostError } from '../../errors.js';
import type { OptionReader } from './option-reader.js';

export interface PlacingSettings {
  readonly place: Preference;
  /** A list has been checked. */
  readonly placeRules: PlaceRules | undefined;
  readonly deviceConstants: ReadonlySet<ConstantChange>;
  readonly dot: string | undefined;
}

/** @throws PermafrostError INVALID_ARGUMENT */
export function readPlacing(read: OptionReader): PlacingSettings {
  return {
    place: readPlace(read),
    placeRules: readRules(read),
    deviceConstants: new Set(read.choices('deviceConstants', constantChanges)),
    dot: read.pathIfGiven('dot'),
  };
}

/** `clearDevices` says part of it in another way. */
function readPlace(read: OptionReader): Preference {
  const place = read.names('place');
  const clears = read.flag('clearDevices', true);
  if (place === undefined || place.length === 0) return clears ? 'clear' : 'keep';
  const preference = parsePreference(place);
  if (clears || preference === 'keep') return preference;
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `Devices cannot be kept (clearDevices: false) and placed on '${place.join(',')}' at once. Leave one out.`,
  );
}

function readRules(read: OptionReader): PlaceRules | undefined {
  const rules = read.any('placeRules');
  if (rules === undefined || typeof rules === 'function') return rules as PlaceNode | undefined;
  if (typeof rules === 'string') return read.path('placeRules');
  return checkPlaceRules(rules, whereInOption).rules;
}

/** Whether nodes are put on devices, and not only kept where they are, or taken off. */
export function places({ place, placeRules }: Pick<PlacingSettings, 'place' | 'placeRules'>): boolean {
  return placeRules !== undefined || typeof place !== 'string';
}
