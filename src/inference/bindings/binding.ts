/** What a caller binds: a node's name and the value that it is to have from now on. */
import { PermafrostError } from '../../errors.js';

/** As JSON has them; a text is read by the type of what it is bound to. */
export type BoundJson = boolean | number | string | readonly BoundJson[];

export interface Binding {
  readonly name: string;
  /** Undefined: the default that the node has itself. */
  readonly value: BoundJson | undefined;
  /** What it was concluded from; undefined: a caller wants it so. */
  readonly reason?: string;
}

/**
 * @param given `NAME=VALUE`, several of them separated by commas or in an array; or an object of values by name. `NAME` alone
 * binds to the node's own default.
 * @throws PermafrostError INVALID_ARGUMENT
 */
export function parseBindings(given: unknown): Binding[] {
  const bindings = bindingsOf(given);
  const names = new Set<string>();
  for (const { name } of bindings) {
    if (names.has(name)) throw invalid(`'${name}' is bound twice. Leave one of the bindings out.`);
    names.add(name);
  }
  return bindings;
}

function bindingsOf(given: unknown): Binding[] {
  if (given === undefined) return [];
  if (typeof given === 'string') return splitAtCommas(given).map(parseText);
  if (Array.isArray(given) && given.every((each) => typeof each === 'string')) {
    return given.flatMap(splitAtCommas).map(parseText);
  }
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    return Object.entries(given).map(([name, value]) => {
      if (isBoundJson(value)) return { name: nodeName(name), value };
      throw invalid(`Expected a boolean, a number, a string or an array of them for '${name}' in bind.`);
    });
  }
  throw invalid('Expected NAME=VALUE, an array of them, or an object of values by name for bind.');
}

/** TensorFlow's tensors have fewer dimensions. */
const maxRank = 254;

export function isBoundJson(value: unknown, rank = 0): value is BoundJson {
  if (!Array.isArray(value)) return ['boolean', 'number', 'string'].includes(typeof value);
  return rank < maxRank && value.every((row) => isBoundJson(row, rank + 1));
}

function parseText(text: string): Binding {
  const equals = text.indexOf('=');
  const name = (equals < 0 ? text : text.slice(0, equals)).trim();
  if (name === '') throw invalid(`'${text}' in bind names no node. Write NAME=VALUE, as in is_training=false.`);
  return { name: nodeName(name), value: equals < 0 ? undefined : text.slice(equals + 1).trim() };
}

/** People name tensors where nodes are meant. Whatever can be bound has one output. */
function nodeName(name: string): string {
  if (/:[1-9]\d*$/.test(name)) {
    throw invalid(`'${name}' in bind is not the first output of a node, and only nodes with one output can be bound.`);
  }
  return name.replace(/:0$/, '');
}

/** Not at those within brackets or quotes: values are arrays and texts, too. */
function splitAtCommas(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|./gs)) {
    if (token === '[') depth++;
    if (token === ']') depth--;
    if (token === ',' && depth <= 0) parts.push('');
    else parts.push((parts.pop() as string) + token);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function invalid(message: string): PermafrostError {
  return new PermafrostError('INVALID_ARGUMENT', message);
}
