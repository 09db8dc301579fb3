/** Which nodes go where, said by rules: a list of conditions and devices, or a function. */
import { isPermafrostError, PermafrostError } from '../../errors.js';
import { shown } from '../../printable.js';
import { type RuleList, whereInOption } from './check-place-rules.js';
import type { PlaceNode, PlaceRules } from './place-rule.js';
import { conditionOf, refuseLong } from './rule-conditions.js';
import { RuleIndex } from './rule-index.js';
import { RuleTests } from './rule-tests.js';

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
  const tests = new RuleTests();
  const conditions = rules.map((rule, index) =>
    at(
      () => where(index, 'regex'),
      () => conditionOf(rule, tests, re2),
    ),
  );
  const index = new RuleIndex(rules);
  const used = new Set<number>();
  const place: PlaceNode = (node) => {
    tests.addNode();
    const found = index.find(node, (rule) => conditions[rule]?.(node.name) ?? false);
    if (found >= 0) used.add(found);
    return rules[found]?.device;
  };
  return { place, unused: () => rules.flatMap((_, index) => (used.has(index) ? [] : where(index))) };
}
