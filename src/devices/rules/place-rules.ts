/** Which nodes go where, said by rules: a list of conditions and devices, or a function. */
import type { RE2JS } from 're2js';
import { isPermafrostError, PermafrostError, reason } from '../../errors.js';
import { beyond, limits } from '../../limits.js';
import { patternMatcher } from '../../name-pattern.js';
import { shown } from '../../printable.js';
import { type RuleList, whereInOption } from './check-place-rules.js';
import type { NodeToPlace, PlaceNode, PlaceRule, PlaceRules } from './place-rule.js';
import { RuleIndex } from './rule-index.js';

type Condition = (node: NodeToPlace) => boolean;

/** What is known of rules once they are read. */
export interface ReadRules {
  readonly place: PlaceNode;
  /** Where the rules were said that no node has followed so far, such as `rules.json:3`. */
  readonly unused: () => string[];
}

/**
 * @param rules a list has been checked.
 * @param requireDevice throws a PermafrostError for a device that there is none of; it is told here which rule names it.
 * @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED, LIMIT_EXCEEDED, and as `requireDevice`; what is returned,
 * INVALID_ARGUMENT
 */
export async function readPlaceRules(
  rules: PlaceRules,
  requireDevice: (device: string) => unknown,
): Promise<ReadRules> {
  if (typeof rules === 'function') return { place: checkedFunction(rules), unused: () => [] };
  const list =
    typeof rules === 'string'
      ? await (await import('./rules-file.js')).readRulesFile(rules)
      : { rules, where: whereInOption };
  for (const [index, { device }] of list.rules.entries()) {
    at(
      () => list.where(index, 'device'),
      () => requireDevice(device),
    );
  }
  return followed(list);
}

/** Says of an error where in the rules it is. */
function at<T>(place: () => string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!isPermafrostError(error)) throw error;
    throw new PermafrostError(error.code, `${place()}: ${error.message}`, { cause: error });
  }
}

function checkedFunction(place: PlaceNode): PlaceNode {
  return (node) => {
    const device: unknown = place(node);
    if (device === undefined || (typeof device === 'string' && device !== '')) return device;
    const returned = isThenable(device)
      ? 'a promise, which nobody waits for. Work out what it needs before the freeze'
      : shown(device);
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `The function placeRules must return a device such as 'gpu:0', or undefined; for the node '${node.name}' it ` +
        `returned ${returned}.`,
    );
  };
}

/** Whether it is a promise, or what is awaited like one. It is not awaited here, and nobody is left to hear that it failed. */
function isThenable(value: unknown): boolean {
  if (typeof (value as PromiseLike<unknown> | null)?.then !== 'function') return false;
  Promise.resolve(value).catch(() => undefined);
  return true;
}

/** @throws PermafrostError INVALID_ARGUMENT for a regular expression that is none. */
async function followed({ rules, where }: RuleList): Promise<ReadRules> {
  // Its tables of Unicode take a while to load, and hardly anybody needs them.
  const re2 = rules.some(({ regex }) => regex !== undefined) ? (await import('re2js')).RE2JS : undefined;
  refuseLong(rules);
  const rows = rules.map((rule, index) =>
    at(
      () => where(index, 'regex'),
      () => conditionsOf(rule, re2),
    ),
  );
  const index = new RuleIndex(rules);
  const used = new Set<number>();
  const counter = testCounter(rules);
  const place: PlaceNode = (node) => {
    const found = index.find(node, (rule) => {
      counter(rule);
      return rows[rule]?.every((holds) => holds(node)) ?? false;
    });
    if (found >= 0) used.add(found);
    return rules[found]?.device;
  };
  return { place, unused: () => rules.flatMap((_, index) => (used.has(index) ? [] : where(index))) };
}

/** A regular expression takes some hundred times its length when it is compiled. */
function refuseLong(rules: readonly PlaceRule[]): void {
  const length = rules.reduce((sum, { regex = '' }) => sum + regex.length, 0);
  const most = limits().regexLength;
  if (length > most) {
    throw beyond(
      'regexLength',
      `The regular expressions of the rules have ${length} characters, and ${most} are taken`,
    );
  }
}

/** A name tells by its beginning which rules it may follow, and no more: of other rules and nodes, each pair is tried. */
function testCounter(rules: readonly PlaceRule[]): (rule: number) => void {
  const most = limits().ruleTests;
  let tests = 0;
  return (rule) => {
    tests += rules[rule]?.regex === undefined ? 1 : 40;
    if (tests <= most) return;
    throw beyond(
      'ruleTests',
      `The rules that place nodes are asked more than ${most} times whether they are for a node`,
    );
  };
}

/** Besides the op, of which the index knows. */
function conditionsOf({ name, regex, scope }: PlaceRule, re2: typeof RE2JS | undefined): Condition[] {
  const conditions: Condition[] = [];
  if (name !== undefined) {
    const matches = patternMatcher(name);
    conditions.push((node) => matches(node.name));
  }
  if (scope !== undefined) conditions.push((node) => node.name.startsWith(`${scope}/`));
  if (regex !== undefined && re2) {
    const pattern = compiled(regex, re2);
    conditions.push((node) => pattern.matcher(node.name).find());
  }
  return conditions;
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
