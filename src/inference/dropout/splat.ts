/** Tensors with the same number in all their elements, whatever shape they have. */
import { holdsZeros } from '../../evaluate/tensor-proto.js';
import { inputNode } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { FoundByDepth } from '../found-by-depth.js';
import type { Scope } from '../scope.js';
import { amountOf, constantOf, sourceOf } from './amount.js';
import { divisions, products } from './factor.js';

const maxDepth = 6;

/** @returns undefined where elements may differ, or nothing in the graph says what they are. */
export function splatOf(scope: Scope, input: string): number | undefined {
  return numberAt(scope, input, maxDepth, new FoundByDepth());
}

function numberAt(
  scope: Scope,
  input: string,
  depth: number,
  found: FoundByDepth<number | undefined>,
): number | undefined {
  const further = (each: string): number | undefined =>
    found.of(each, depth - 1, () => numberAt(scope, each, depth - 1, found));
  const amount = amountOf(scope, input);
  if ('constant' in amount) return amount.constant;
  const node = scope.node(inputNode(sourceOf(scope, input)));
  const [first = '', second = ''] = node?.inputs ?? [];
  if (!node || depth === 0) return undefined;
  if (node.op === 'ZerosLike') return 0;
  if (node.op === 'OnesLike') return 1;
  if (node.op === 'Fill') return further(second);
  if (node.op === 'Const') return constantOf(node) ?? (areZeros(node) ? 0 : undefined);
  const isQuotient = divisions.has(node.op);
  if (!isQuotient && !products.has(node.op)) return undefined;
  const x = further(first);
  const y = further(second);
  if (x === undefined || y === undefined) return undefined;
  return isQuotient ? x / y : x * y;
}

const zeros = new WeakMap<GraphNode, boolean>();

/** Thousands may ask. */
function areZeros(node: GraphNode): boolean {
  const known = zeros.get(node) ?? holdsZeros(node);
  zeros.set(node, known);
  return known;
}
