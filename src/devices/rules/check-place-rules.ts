/** Whether a value is a list of rules, and where it is not. */
import { invalidArgument } from '../../errors.js';
import { nearest } from '../../nearest.js';
import { shown } from '../../printable.js';
import type { PlaceRule } from './place-rule.js';

/** Says where in the rules something is: a rule by its number, or one of its keys. */
export type Where = (rule?: number, key?: string) => string;

/** Rules that are sound, and where each was said. */
export interface RuleList {
  readonly rules: readonly PlaceRule[];
  readonly where: Where;
}

export const exampleRules =
  '[{"name": "tower_1/*", "device": "gpu:1"}, {"op": ["MatMul", "BiasAdd"], "device": "gpu:0"}]';

/** @throws PermafrostError INVALID_ARGUMENT */
export function checkPlaceRules(value: unknown, where: Where): RuleList {
  if (!Array.isArray(value)) throw invalidArgument(`${where()}: rules are an array such as ${exampleRules}.`);
  return { rules: Array.from(value, (rule, index) => checkRule(rule, (key) => where(index, key))), where };
}

/** Where in the option `placeRules` of the API something is. */
export function whereInOption(rule?: number, key?: string): string {
  return ['placeRules', rule === undefined ? '' : `[${rule}]`, key === undefined ? '' : `.${key}`].join('');
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isTextOrTexts = (value: unknown): boolean =>
  isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));

/** By key of a rule: what it must be. */
const keys: Readonly<Record<keyof PlaceRule, readonly [what: string, isRight: (value: unknown) => boolean]>> = {
  name: ['a pattern of names', isText],
  regex: ['a regular expression', isText],
  op: ['an op or an array of ops', isTextOrTexts],
  scope: ['a name scope', isText],
  device: ["a device such as 'gpu:0'", isText],
};

function checkRule(rule: unknown, where: (key?: string) => string): PlaceRule {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    throw invalidArgument(`${where()}: a rule is an object such as {"name": "tower_1/*", "device": "gpu:1"}.`);
  }
  const given = Object.entries(rule).filter(([, value]) => value !== undefined);
  for (const [key, value] of given) {
    const known = Object.hasOwn(keys, key) ? keys[key as keyof PlaceRule] : undefined;
    if (!known) {
      const [near] = nearest(key, Object.keys(keys));
      throw invalidArgument(`${where(key)}: a rule has no such key. ${near ? `Did you mean '${near}'?` : keyList}`);
    }
    const [what, isRight] = known;
    if (!isRight(value)) throw invalidArgument(`${where(key)}: expected ${what} but received ${shown(value)}.`);
  }
  if (!given.some(([key]) => key === 'device'))
    throw invalidArgument(`${where()}: the rule names no device. Add "device": "gpu:0".`);
  if (given.length === 1) {
    throw invalidArgument(`${where()}: the rule has no condition. ${keyList} For all nodes, write "name": "*".`);
  }
  return rule as PlaceRule;
}

const keyList = 'There are name, regex, op, scope and device.';
