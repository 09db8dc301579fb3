/** How much a dropout keeps, drops or scales by: a number that stands in the graph, or what a tensor says at run time. */
import { isUint8Array } from 'node:util/types';
import { floatsOf } from '../../evaluate/floats.js';
import { readSmallConstant } from '../../evaluate/small-constant.js';
import { inputNode, parseInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { identityOps } from '../../graph/op-kinds/handing-on.js';
import { FoundByDepth } from '../found-by-depth.js';
import type { Scope } from '../scope.js';

export type Amount =
  | { readonly constant: number }
  /** What a tensor holds, or 1 minus that. */
  | { readonly tensor: string; readonly isComplement: boolean };

/** Identities between a rate and where it is used, and sums and products that it is computed with. */
const maxSteps = 32;
const maxDepth = 6;

/** Ops that hand their first input on, into a loop or a branch too. */
export const passing: ReadonlySet<string> = new Set([...identityOps, ...['Cast', 'Enter', 'Switch']]);

const calculations: ReadonlyMap<string, (x: number, y: number) => number> = new Map([
  ['Add', (x, y) => x + y],
  ['AddV2', (x, y) => x + y],
  ['Sub', (x, y) => x - y],
  ['Mul', (x, y) => x * y],
  ['RealDiv', (x, y) => x / y],
  ['Div', (x, y) => x / y],
  ['DivNoNan', (x, y) => (y === 0 ? 0 : x / y)],
  ['Pow', (x, y) => x ** y],
]);

/** @param input of a node, in the notation of graphs. */
export function amountOf(scope: Scope, input: string): Amount {
  return amountAt(scope, input, maxDepth, new FoundByDepth());
}

function amountAt(scope: Scope, input: string, depth: number, found: FoundByDepth<Amount>): Amount {
  const further = (each: string): Amount => found.of(each, depth - 1, () => amountAt(scope, each, depth - 1, found));
  const source = sourceOf(scope, input);
  const node = scope.node(inputNode(source));
  const constant = node && constantOf(node);
  if (constant !== undefined) return { constant };
  const opaque = { tensor: source, isComplement: false };
  const calculate = calculations.get(node?.op ?? '');
  const [left, right] = node?.inputs ?? [];
  if (!calculate || left === undefined || right === undefined || depth === 0) return opaque;
  const x = further(left);
  if (!('constant' in x)) return opaque;
  const y = further(right);
  if ('constant' in y) return { constant: calculate(x.constant, y.constant) };
  return node?.op === 'Sub' && x.constant === 1 ? complement(y) : opaque;
}

export function complement(amount: Amount): Amount {
  if ('constant' in amount) return { constant: 1 - amount.constant };
  return { tensor: amount.tensor, isComplement: !amount.isComplement };
}

/** The tensor that an input has the elements of, in another type perhaps. */
export function sourceOf(scope: Scope, input: string): string {
  let source = input;
  for (let steps = 0; steps < maxSteps; steps++) {
    const node = scope.node(parseInput(source).node);
    const [first] = node?.inputs ?? [];
    if (!node || !passing.has(node.op) || first === undefined) break;
    source = first;
  }
  return source;
}

const constants = new WeakMap<GraphNode, { readonly number: number | undefined }>();

/** The one number that a constant holds. Thousands may ask for it. */
export function constantOf(node: GraphNode): number | undefined {
  if (node.op !== 'Const') return undefined;
  const known = constants.get(node) ?? { number: readNumber(node) };
  constants.set(node, known);
  return known.number;
}

function readNumber(node: GraphNode): number | undefined {
  const tensor = readSmallConstant(node);
  if (tensor?.elementCount !== 1 || !isUint8Array(tensor.elements)) return undefined;
  const [number] = floatsOf(tensor) ?? tensor.numbers() ?? [];
  return number === undefined ? undefined : Number(number);
}

export function isSameAmount(x: Amount, y: Amount): boolean {
  if ('constant' in x || 'constant' in y) return 'constant' in x && 'constant' in y && isNear(x.constant, y.constant);
  return x.tensor === y.tensor && x.isComplement === y.isComplement;
}

/** Constants of half precision have three digits, and a rate and a scale that belong together are rounded one by one. */
const tolerance = 0.01;

export function isNear(x: number, y: number): boolean {
  return Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y));
}

/** For people. */
export function describeAmount(amount: Amount): string {
  if ('constant' in amount) return String(Number(amount.constant.toPrecision(6)));
  return amount.isComplement ? `1 - '${amount.tensor}'` : `'${amount.tensor}'`;
}
