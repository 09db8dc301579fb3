/** What a caller binds: a node's name and the value that it is to have from now on. */
import { invalidArgument } from '../../errors.js';
import { splitAtCommas } from '../split-at-commas.js';

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
    if (names.has(name)) throw invalidArgument(`'${name}' is bound twice. Leave one of the bindings out.`);
    names.add(name);
  }
  return bindings;
}

function bindingsOf(given: unknown): Binding[] {
  if (given === undefined) return [];
  const texts = typeof given === 'string' ? [given] : given;
  if (Array.isArray(texts) && texts.every((each) => typeof each === 'string')) return texts.flatMap(parseTexts);
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    return Object.entries(given).map(([name, value]) => {
      if (isBoundJson(value)) return { name: nodeName(name), value };
      throw invalidArgument(`Expected a boolean, a number, a string or an array of them for '${name}' in bind.`);
    });
  }
  throw invalidArgument('Expected NAME=VALUE, an array of them, or an object of values by name for bind.');
}

/** TensorFlow's tensors have fewer dimensions. */
const maxRank = 254;

export function isBoundJson(value: unknown, rank = 0): value is BoundJson {
  if (!Array.isArray(value)) return ['boolean', 'number', 'string'].includes(typeof value);
  return rank < maxRank && value.every((row) => isBoundJson(row, rank + 1));
}

function parseTexts(text: string): Binding[] {
  const parts = splitAtCommas(text);
  return (parts.length > 0 ? parts : ['']).map(parseText);
}

function parseText(text: string): Binding {
  const equals = text.indexOf('=');
  const name = (equals < 0 ? text : text.slice(0, equals)).trim();
  if (name === '') throw invalidArgument(`'${text}' in bind names no node. Write NAME=VALUE, as in is_training=false.`);
  return { name: nodeName(name), value: equals < 0 ? undefined : text.slice(equals + 1).trim() };
}

/** People name tensors where nodes are meant. Whatever can be bound has one output. */
function nodeName(name: string): string {
  if (/:[1-9]\d*$/.test(name)) {
    throw invalidArgument(
      `'${name}' in bind is not the first output of a node, and only nodes with one output can be bound.`,
    );
  }
  return name.replace(/:0$/, '');
}
