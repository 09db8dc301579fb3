/** Which nodes go where, said by rules: a list of conditions and devices, or a function. */
import type { RE2JS } from 're2js';
import { PermafrostError } from '../errors.js';
import { matchesPattern } from '../name-pattern.js';

/** A node goes to the device of the first rule whose conditions all hold. */
export interface PlaceRule {
  /** Its name: `*` stands for any characters, `?` for one. */
  readonly name?: string;
  /** Something in its name: a regular expression in RE2's syntax, which has no look-around and always ends soon. */
  readonly regex?: string;
  /** What it does, or one of several. */
  readonly op?: string | readonly string[];
  /** Its name begins with that and a slash. */
  readonly scope?: string;
  /** `gpu:1`, or a device string such as `/job:worker/device:GPU:1`. */
  readonly device: string;
}

/** What a function that places nodes is told of one. */
export interface PlacedNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  /** The device that it has in the graph that was read. */
  readonly device: string;
  /** The function whose body it is in; undefined in the main graph. */
  readonly function: string | undefined;
}

/** Where a node goes; undefined: wherever it would go without. */
export type PlaceNode = (node: PlacedNode) => string | undefined;

type Condition = (node: PlacedNode) => boolean;

/** Rules as callers hand them over; a text is the path of a JSON file with a list. */
export type PlaceRules = string | readonly PlaceRule[] | PlaceNode;

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
