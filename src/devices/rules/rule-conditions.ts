/** What a rule asks of a node besides its op, of which the index knows. */
import type { RE2JS } from 're2js';
import { PermafrostError, reason } from '../../errors.js';
import { beyond, limits } from '../../limits.js';
import { patternMatcher } from '../../name-pattern.js';
import type { PlaceRule } from './place-rule.js';
import type { RuleTests } from './rule-tests.js';

/** Whether a node of that name is meant. */
export type Condition = (name: string) => boolean;

/** @throws PermafrostError INVALID_ARGUMENT for a regular expression that is none. */
export function conditionOf({ name, regex, scope }: PlaceRule, tests: RuleTests, re2?: typeof RE2JS): Condition {
  const matches = name === undefined ? undefined : patternMatcher(name, (characters) => tests.addLooks(characters));
  const start = scope === undefined ? undefined : `${scope}/`;
  const pattern = regex === undefined || !re2 ? undefined : compiled(regex, re2);
  const instructions = pattern?.programSize() ?? 0;
  return (node) => {
    tests.addPattern(node);
    if (start !== undefined && !node.startsWith(start)) return false;
    if (matches && !matches(node)) return false;
    if (!pattern) return true;
    tests.addRegex(node, instructions);
    return pattern.matcher(node).find();
  };
}

function compiled(regex: string, re2: typeof RE2JS): RE2JS {
  try {
    return re2.compile(regex);
  } catch (error) {
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `The regular expression '${regex}' is none in RE2's syntax (${reason(error)}).`,
      { cause: error },
    );
  }
}

/**
 * A regular expression takes some hundred times its length when it is compiled, with all that it repeats.
 * @throws PermafrostError LIMIT_EXCEEDED
 */
export function refuseLong(rules: readonly PlaceRule[]): void {
  const length = rules.reduce((sum, { regex = '' }) => sum + unfoldedLength(regex), 0);
  const most = limits().regexLength;
  if (length > most) {
    throw beyond(
      'regexLength',
      `The regular expressions of the rules have ${length} characters, repeated ones as often as they are, and ${most} are taken`,
    );
  }
}

/** What a script of Unicode, such as `\p{Greek}`, takes as much as: it is a list of ranges. */
const unicodeClass = `(${'.'.repeat(14)})`;

/**
 * With what is repeated by a count, such as `{2}` or `{1,3}`, as often as it is. Behind a group, that is taken to be all that is
 * before the count: what it comes to is never more.
 */
function unfoldedLength(regex: string): number {
  const plain = regex.replaceAll(/\\[pP](?:\{[^}]*\}|.)/gs, unicodeClass);
  let [length, end] = [0, 0];
  for (const { 0: found, 1: before = '', 2: least, 3: most, index } of plain.matchAll(/(.?)\{(\d+),?(\d*)\}/gs)) {
    const times = Math.max(1, Number(most || least));
    length += index - end + before.length;
    length = /[)}*+?]/.test(before) ? length * times : length + times - 1;
    end = index + found.length;
  }
  return length + plain.length - end;
}
