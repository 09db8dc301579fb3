/** Rules as callers hand them over: a JSON file, a list, or a function. What is wrong is said with its line and its key. */
import { findNodeAtLocation, getNodeValue, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { PermafrostError } from '../errors.js';
import { readWhole } from '../io/read-file.js';
import { nearest } from '../nearest.js';
import { type PlaceNode, type PlaceRule, type PlaceRules, rulesOf } from './place-rules.js';

export type GivenPlaceRules = string | readonly PlaceRule[] | PlaceNode;

const example = '[{"name": "tower_1/*", "device": "gpu:1"}, {"op": ["MatMul", "BiasAdd"], "device": "gpu:0"}]';

/** Says where in the rules something is: a rule by its number, or one of its keys. */
type Where = (rule?: number, key?: string) => string;

/**
 * @param given the path of a JSON file, what would be in it, or a function.
 * @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED
 */
export async function readPlaceRules(given: GivenPlaceRules): Promise<PlaceRules> {
  if (typeof given === 'function') return checkedFunction(given);
  return rulesOf(typeof given === 'string' ? await rulesOfFile(given) : checkedRules(given, inList));
}

const inList: Where = (rule, key) =>
  ['placeRules', rule === undefined ? '' : `[${rule}]`, key === undefined ? '' : `.${key}`].join('');

async function rulesOfFile(path: string): Promise<PlaceRule[]> {
  const text = (await readWhole(path)).toString('utf8').replace(/^\ufeff/, '');
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first || !tree) {
    const what = first ? printParseErrorCode(first.error) : 'nothing in it';
    throw invalid(`${path}:${lineAt(first?.offset ?? 0)} is no JSON (${what}). Rules are an array such as ${example}.`);
  }
  return checkedRules(getNodeValue(tree), (rule, key) => {
    const place = [rule, key].filter((each) => each !== undefined);
    const { offset } = findNodeAtLocation(tree, place) ?? findNodeAtLocation(tree, place.slice(0, 1)) ?? tree;
    return `${path}:${lineAt(offset)}${key === undefined ? '' : `, '${key}'`}`;
  });
}

function checkedRules(value: unknown, where: Where): PlaceRule[] {
  if (!Array.isArray(value)) throw invalid(`${where()}: rules are an array such as ${example}.`);
  return value.map((rule, index) => checkedRule(rule, (key) => where(index, key)));
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

function checkedRule(rule: unknown, where: (key?: string) => string): PlaceRule {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    throw invalid(`${where()}: a rule is an object such as {"name": "tower_1/*", "device": "gpu:1"}.`);
  }
  for (const [key, value] of Object.entries(rule)) {
    const known = Object.hasOwn(keys, key) ? keys[key as keyof PlaceRule] : undefined;
    if (!known) {
      const [near] = nearest(key, Object.keys(keys));
      throw invalid(`${where(key)}: a rule has no such key. ${near ? `Did you mean '${near}'?` : keyList}`);
    }
    const [what, isRight] = known;
    if (!isRight(value)) throw invalid(`${where(key)}: expected ${what} but received ${JSON.stringify(value)}.`);
  }
  if (!Object.hasOwn(rule, 'device')) throw invalid(`${where()}: the rule names no device. Add "device": "gpu:0".`);
  if (Object.keys(rule).length === 1) {
    throw invalid(`${where()}: the rule has no condition. ${keyList} For all nodes, write "name": "*".`);
  }
  return rule as PlaceRule;
}

const keyList = 'There are name, regex, op, scope and device.';

function checkedFunction(place: PlaceNode): PlaceRules {
  return (node) => {
    const device: unknown = place(node);
    if (device === undefined || isText(device)) return device as string | undefined;
    throw invalid(
      `The function placeRules must return a device such as 'gpu:0', or undefined; for the node '${node.name}' it ` +
        `returned ${JSON.stringify(device) ?? typeof device}.`,
    );
  };
}

function invalid(message: string): PermafrostError {
  return new PermafrostError('INVALID_ARGUMENT', message);
}
