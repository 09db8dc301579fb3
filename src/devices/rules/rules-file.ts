/** Rules in a JSON file. What is wrong is said with its line and its key. */
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { invalidArgument, isError } from '../../errors.js';
import { readText } from '../../io/read-file.js';
import { checkPlaceRules, exampleRules, type RuleList } from './check-place-rules.js';

/** @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED */
export async function readRulesFile(path: string): Promise<RuleList> {
  const text = await readText(path);
  const lineAt = linesOf(text);
  const placeAt = (offset: number, key?: unknown): string =>
    `${path}:${lineAt(offset)}${key === undefined ? '' : `, '${key}'`}`;
  const errors: ParseError[] = [];
  const whole = parsed(text, errors);
  const [first] = errors;
  if (first || !whole) {
    const what = first ? printParseErrorCode(first.error) : whole === undefined ? 'nested too deeply' : 'nothing in it';
    throw invalidArgument(
      `${placeAt(first?.offset ?? 0)} is no JSON (${what}). Rules are an array such as ${exampleRules}.`,
    );
  }
  const { tree, value } = whole;
  for (const rule of tree.children ?? []) {
    const again = repeatedKey(rule);
    if (again) throw invalidArgument(`${placeAt(again.offset, again.value)}: the key is there twice. Leave one out.`);
  }
  return checkPlaceRules(value, (rule, key) => {
    const place = [rule, key].filter((each) => each !== undefined);
    const { offset } = findNodeAtLocation(tree, place) ?? findNodeAtLocation(tree, place.slice(0, 1)) ?? tree;
    return placeAt(offset, key);
  });
}

/** Gives the line, counted from 1, that a character is in. There may be as many rules as a graph has nodes. */
function linesOf(text: string): (offset: number) => number {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** @returns null: there is nothing; undefined: arrays in arrays, more than the parser has room for. */
function parsed(text: string, errors: ParseError[]): { tree: Node; value: unknown } | null | undefined {
  try {
    const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
    return tree ? { tree, value: getNodeValue(tree) } : null;
  } catch (error) {
    if (isError(error) && error.name === 'RangeError') return undefined;
    throw error;
  }
}

/** The second of two keys of the same name. */
function repeatedKey({ type, children = [] }: Node): Node | undefined {
  const keys = type === 'object' ? children.flatMap((property) => property.children?.[0] ?? []) : [];
  const seen = new Set();
  return keys.find(({ value }) => seen.size === seen.add(value).size);
}
