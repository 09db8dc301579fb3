/** Which nodes go where, said by rules: a list of conditions and devices, or a function. */
import type { RE2JS } from 're2js';
import { PermafrostError } from '../errors.js';
import { matchesPattern } from '../name-pattern.js';
import type { PlacedNode, PlaceNode, PlaceRule, PlaceRules } from './place-rule.js';

type Condition = (node: PlacedNode) => boolean;

/**
 * @param rules a list has been checked.
 * @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED; what is returned, INVALID_ARGUMENT
 */
export async function readPlaceRules(rules: PlaceRules): Promise<PlaceNode> {
  if (typeof rules === 'function') return checkedFunction(rules);
  return functionOf(typeof rules === 'string' ? await (await import('./rules-file.js')).readRulesFile(rules) : rules);
}

function checkedFunction(place: PlaceNode): PlaceNode {
  return (node) => {
    const device: unknown = place(node);
    if (device === undefined || (typeof device === 'string' && device !== '')) return device;
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `The function placeRules must return a device such as 'gpu:0', or undefined; for the node '${node.name}' it ` +
        `returned ${JSON.stringify(device) ?? typeof device}.`,
    );
  };
}

/** @throws PermafrostError INVALID_ARGUMENT for a regular expression that is none. */
async function functionOf(rules: readonly PlaceRule[]): Promise<PlaceNode> {
  // Its tables of Unicode take a while to load, and hardly anybody needs them.
  const re2 = rules.some(({ regex }) => regex !== undefined) ? (await import('re2js')).RE2JS : undefined;
  const rows = rules.map((rule) => ({ holds: conditionsOf(rule, re2), device: rule.device }));
  return (node) => rows.find(({ holds }) => holds.every((condition) => condition(node)))?.device;
}

function conditionsOf({ name, regex, op, scope }: PlaceRule, re2: typeof RE2JS | undefined): Condition[] {
  const conditions: Condition[] = [];
  if (name !== undefined) conditions.push((node) => matchesPattern(name, node.name));
  if (op !== undefined) {
    const ops = new Set(typeof op === 'string' ? [op] : op);
    conditions.push((node) => ops.has(node.op));
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
      `The regular expression '${regex}' of a rule is none in RE2's syntax (${error instanceof Error ? error.message : error}).`,
      { cause: error },
    );
  }
}
