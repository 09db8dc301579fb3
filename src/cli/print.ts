/** All that the commands print of files and reports goes through here: see `printable`. */
import { printable } from '../printable.js';

/** Lines as one text, none of them more than a line. */
export function asText(lines: readonly string[]): string {
  return lines.map(printable).join('\n');
}

/** JSON escapes C0 by itself, and leaves DEL and C1 as they are. */
export function asJson(value: unknown): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, 2).replace(/[\x7f-\x9f]/g, escaped);
}

/** How many characters are printed at once. */
const atOnce = 2 ** 16;

/** Prints texts that may be very many, each from a line of its own, no faster than somebody reads them. */
export async function printAll(texts: Iterable<string>): Promise<void> {
  let waiting: string[] = [];
  let length = 0;
  const print = async (): Promise<void> => {
    console.log(waiting.join('\n'));
    waiting = [];
    length = 0;
    const { stdout } = process;
    // Also called when nobody reads any more.
    if (stdout.writableNeedDrain) await new Promise<void>((resolve) => stdout.write('', () => resolve()));
  };
  for (const text of texts) {
    waiting.push(text);
    length += text.length;
    if (length >= atOnce) await print();
  }
  if (waiting.length > 0) await print();
}

/** What `asJson` makes of an object with lists, which may be very long, item by item. */
export function* asJsonByItem(object: Readonly<Record<string, unknown>>): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(object)) {
    const start = `${before}\n  ${asJson(name)}: `;
    if (value === undefined) continue;
    if (isList(value)) before = yield* listByItem(start, value);
    else if (hasLists(value)) before = yield* objectByItem(start, value);
    else before = `${start}${asJson(value).replaceAll('\n', '\n  ')}`;
    before += ',';
  }
  yield `${before.slice(0, -1)}\n}`;
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function hasLists(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.values(value).some(isList);
}

/** @returns the end of the object, which is for the caller to yield. */
function* objectByItem(start: string, object: Readonly<Record<string, unknown>>): Generator<string, string> {
  let before: string | undefined;
  for (const text of asJsonByItem(object)) {
    if (before !== undefined) yield before;
    before = `${before === undefined ? start : '  '}${text.replaceAll('\n', '\n  ')}`;
  }
  return before ?? '';
}

/** @returns the end of the list, which is for the caller to yield. */
function* listByItem(start: string, list: Iterable<unknown>): Generator<string, string> {
  let before = `${start}[`;
  let isEmpty = true;
  for (const item of list) {
    yield isEmpty ? before : `${before},`;
    before = `    ${asJson(item).replaceAll('\n', '\n    ')}`;
    isEmpty = false;
  }
  if (isEmpty) return `${before}]`;
  yield before;
  return '  ]';
}
