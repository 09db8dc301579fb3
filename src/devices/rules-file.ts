/** Rules in a JSON file. What is wrong is said with its line and its key. */
import { findNodeAtLocation, getNodeValue, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { PermafrostError } from '../errors.js';
import { readWhole } from '../io/read-file.js';
import { checkPlaceRules, exampleRules } from './check-place-rules.js';
import type { PlaceRule } from './place-rule.js';

/** @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED */
export async function readRulesFile(path: string): Promise<PlaceRule[]> {
  const text = (await readWhole(path)).toString('utf8').replace(/^\ufeff/, '');
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first || !tree) {
    const what = first ? printParseErrorCode(first.error) : 'nothing in it';
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `${path}:${lineAt(first?.offset ?? 0)} is no JSON (${what}). Rules are an array such as ${exampleRules}.`,
    );
  }
  return checkPlaceRules(getNodeValue(tree), (rule, key) => {
    const place = [rule, key].filter((each) => each !== undefined);
    const { offset } = findNodeAtLocation(tree, place) ?? findNodeAtLocation(tree, place.slice(0, 1)) ?? tree;
    return `${path}:${lineAt(offset)}${key === undefined ? '' : `, '${key}'`}`;
  });
}
