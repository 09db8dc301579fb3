/** Noise that is multiplied with a known 0 adds nothing: random numbers are finite. */
import { readType } from '../../../graph/attributes.js';
import { dataInputs, parseInput } from '../../../graph/edges.js';
import { asIdentity } from '../../../graph/identity-node.js';
import { normalOps, uniformOps } from '../../../graph/op-kinds/random.js';
import { FoundByDepth } from '../../found-by-depth.js';
import type { Scope } from '../../scope.js';
import type { Liveness } from './liveness.js';
import { scalarOrigin, shapeOrigin } from './shape-origin.js';

const sums = /^(Add|AddV2)$/;

/** Factors of a product, and sums around it. */
const maxDepth = 6;

export function dropZeroNoise(scope: Scope, { values }: Liveness): void {
  const isZero = (input: string): boolean => {
    const value = values.tensor(input);
    return value?.shape.length === 0 && Number(value.numbers()?.[0] ?? Number.NaN) === 0;
  };
  const isFactor = (input: string): boolean => {
    const value = values.tensor(input);
    return value?.elementCount === 1 && Number.isFinite(Number(value.numbers()?.[0] ?? Number.NaN));
  };
  const found = new FoundByDepth<boolean>();
  const foundZero = new FoundByDepth<boolean>();
  const leading = new FoundByDepth<boolean>();
  const isNoise = (input: string, isZeroWanted: boolean, depth = maxDepth): boolean =>
    (isZeroWanted ? foundZero : found).of(input, depth, () => isNoiseAt(input, isZeroWanted, depth));
  /** Whether a tensor is a product of random numbers and of known ones; of a 0 among them, where that is wanted. */
  const isNoiseAt = (input: string, isZeroWanted: boolean, depth: number): boolean => {
    const { node: name, port } = parseInput(input);
    const node = scope.graph.byName.get(name);
    if (!node || port !== 0 || depth === 0) return false;
    if (node.op === 'Identity') return isNoise(node.inputs[0] ?? '', isZeroWanted, depth - 1);
    if (uniformOps.has(node.op) || normalOps.has(node.op)) return !isZeroWanted;
    const [left = '', right = ''] = node.inputs;
    // A mean is added to numbers that a 0 is multiplied with later.
    if (node.op !== 'Mul' && (isZeroWanted || !sums.test(node.op))) return false;
    // Which of the two leads to the random numbers is seen before anything is computed.
    const isProduct = (known: string, rest: string): boolean =>
      leadsToNoise(scope, rest, depth - 1, leading) &&
      isFactor(known) &&
      isNoise(rest, isZeroWanted && !isZero(known), depth - 1);
    return isProduct(left, right) || isProduct(right, left);
  };
  for (const { name } of scope.needed.nodes()) {
    const node = scope.node(name);
    const added = node && sums.test(node.op) ? dataInputs(node) : [];
    const at = added.findIndex((input) => isNoise(input, true));
    const [noise = '', data = ''] = at === 0 ? added : [added[1], added[0]];
    if (!node || at < 0) continue;
    const origin = shapeOrigin(scope, noise);
    if (origin !== scalarOrigin && origin !== shapeOrigin(scope, data)) continue;
    scope.replace(asIdentity(node, data, readType(node, 'T')));
    scope.report('bindings', name, `hands '${data}' on: the random numbers '${noise}' are multiplied with 0`);
  }
}

function leadsToNoise(scope: Scope, input: string, depth: number, found: FoundByDepth<boolean>): boolean {
  const node = scope.graph.byName.get(parseInput(input).node);
  if (!node || depth === 0) return false;
  if (uniformOps.has(node.op) || normalOps.has(node.op)) return true;
  const next =
    node.op === 'Mul' || sums.test(node.op)
      ? node.inputs.slice(0, 2)
      : node.op === 'Identity'
        ? node.inputs.slice(0, 1)
        : [];
  return next.some((each) => found.of(each, depth - 1, () => leadsToNoise(scope, each, depth - 1, found)));
}
