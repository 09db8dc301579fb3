/**
 * Whether statistics of a batch normalise and do nothing else: `(x - mean) * rsqrt(variance + e)`, or the same as
 * `x * s + (offset - mean * s)` with `s = rsqrt(variance + e) * scale`.
 */
import type { Consumer } from '../../graph/consumers.js';
import { dataInputs } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { fusedInputs, isFused, isTraining } from '../../graph/op-kinds/fused-batch-norm.js';
import { Remembered } from '../remembered.js';
import type { Scope } from '../scope.js';
import type { Evidence } from './evidence.js';
import { isConstant, passingOps, producerOf } from './flow.js';
import { UseList } from './use-list.js';
import type { WaysOn } from './ways-on.js';

export const sums: ReadonlySet<string> = new Set(['Add', 'AddV2', 'Maximum']);
export const rootOps: ReadonlySet<string> = new Set(['Rsqrt', 'Sqrt', 'Pow']);
export const scalings: ReadonlySet<string> = new Set(['Mul', 'RealDiv', 'Div']);
export const scaleOps: ReadonlySet<string> = new Set([...scalings, 'Reciprocal', 'Inv']);
const global = 'BatchNormWithGlobalNormalization';

const maxDepth = 8;
const maxSteps = 64;

/** Names of the nodes that take the root of a variance, or normalise with it themselves; undefined where it has other uses. */
export function rootsOf(scope: Scope, evidence: Evidence, uses: readonly Consumer[]): string[] | undefined {
  const roots: string[] = [];
  const waiting = new UseList(maxSteps, uses);
  for (let use = waiting.pop(); use; use = waiting.pop()) {
    if (waiting.isOver || roots.length + waiting.length > maxSteps) return undefined;
    const { node, input } = use;
    if (rootOps.has(node.op) && input === 0) roots.push(node.name);
    else if (isNormalizer(use, 'variance')) roots.push(node.name);
    else if (isSumWithConstant(scope, use) || passingOps.has(node.op)) {
      if (scope.outputs.has(node.name)) return undefined;
      waiting.push(evidence.readers(node.name));
    } else return undefined;
  }
  return roots.length > 0 ? roots : undefined;
}

/** Whether a tensor is the root of a variance already, and normalises. */
export function isDeviation({ op }: GraphNode, uses: readonly Consumer[]): boolean {
  return rootOps.has(op) && uses.length > 0 && uses.every(({ node }) => scalings.has(node.op));
}

function isSumWithConstant({ graph }: Scope, { node, input }: Consumer): boolean {
  return sums.has(node.op) && isConstant(graph, node.inputs[1 - input] ?? '');
}

/** Whether it is an op that normalises by statistics that it takes as inputs. */
function isNormalizer({ node, input }: Consumer, kind: 'mean' | 'variance'): boolean {
  if (node.op === global) return input === (kind === 'mean' ? 1 : 2);
  return isFused(node) && !isTraining(node) && input === fusedInputs[kind];
}

export interface MeanUses {
  /** Names of the nodes that take the root of a variance. */
  readonly roots: ReadonlySet<string>;
  /** Those that normalise: the others only compute the variance. */
  readonly normalizing: readonly Consumer[];
}

/**
 * How a mean is used; undefined where that is not for normalisation alone.
 * @param knownRoots names of nodes.
 * @param waysOn tells what computes a variance, for which it may need the mean.
 */
export function usesOfMean(
  scope: Scope,
  evidence: Evidence,
  uses: readonly Consumer[],
  knownRoots: ReadonlySet<string>,
  waysOn: WaysOn,
): MeanUses | undefined {
  const found = new Set<string>();
  const normalizing: Consumer[] = [];
  for (const use of uses) {
    if (waysOn.areStatistics(use.node)) continue;
    const isWhole = isNormalizer(use, 'mean');
    const roots = isWhole ? [use.node.name] : [...normalizes(scope, evidence, use, knownRoots, waysOn)];
    if (roots.length === 0) return undefined;
    for (const root of roots) found.add(root);
    normalizing.push(use);
  }
  return found.size > 0 ? { roots: found, normalizing } : undefined;
}

/** The roots that a mean meets in one of its uses; none where it is no normalisation. */
function normalizes(
  scope: Scope,
  evidence: Evidence,
  first: Consumer,
  known: ReadonlySet<string>,
  waysOn: WaysOn,
): ReadonlySet<string> {
  const roots = new Set<string>();
  const uses = new UseList(maxSteps, [first]);
  for (let use = uses.pop(); use; use = uses.pop()) {
    if (uses.isOver) return new Set();
    const { name, op } = use.node;
    // Where there is no offset.
    const isTurned = op === 'Neg' && !scope.outputs.has(name);
    const readers = isTurned ? evidence.readers(name) : [];
    const found = isTurned ? new Set<string>() : normalizesItself(scope, evidence, use, known, waysOn);
    if (readers.length + found.size === 0) return found;
    uses.push(readers);
    for (const root of found) roots.add(root);
  }
  return roots;
}

function normalizesItself(
  scope: Scope,
  evidence: Evidence,
  { node, input }: Consumer,
  known: ReadonlySet<string>,
  waysOn: WaysOn,
): ReadonlySet<string> {
  const none = new Set<string>();
  if (node.op === 'Mul') return rootsBehind(scope, node.inputs[1 - input] ?? '', known);
  if (node.op !== 'Sub' || input !== 1 || scope.outputs.has(node.name)) return none;
  const roots = new Set<string>();
  const waiting = new UseList(maxSteps, evidence.readers(node.name));
  for (let use = waiting.pop(); use; use = waiting.pop()) {
    if (waiting.isOver || roots.size > maxSteps) return none;
    const own = scalings.has(use.node.op) ? rootsBehind(scope, use.node.inputs[1 - use.input] ?? '', known) : none;
    if (own.size > 0) for (const root of own) roots.add(root);
    else if (waysOn.areStatistics(use.node)) continue;
    // Scaled first, and divided then.
    else if (use.node.op === 'Mul' || passingOps.has(use.node.op)) {
      if (scope.outputs.has(use.node.name)) return none;
      const readers = evidence.readers(use.node.name);
      if (readers.length === 0) return none;
      waiting.push(readers);
    } else return none;
  }
  return roots;
}

/** By the known nodes. */
const scaled = new Remembered<Set<string>>();

/** Those of the known nodes that an input is a scaling of. */
function rootsBehind({ graph }: Scope, input: string, known: ReadonlySet<string>): ReadonlySet<string> {
  return scaled.of(known, input, () => findRoots(graph, input, known));
}

function findRoots(graph: Graph, input: string, known: ReadonlySet<string>): Set<string> {
  const roots = new Set<string>();
  // Nearer ones first, so that where ways meet the shortest is gone, and no other.
  const ways = new Map([[input, 0]]);
  for (const [way, depth] of ways) {
    const node = producerOf(graph, way);
    if (!node || depth > maxDepth) continue;
    if (known.has(node.name)) roots.add(node.name);
    else for (const each of scaledInputs(graph, node)) if (!ways.has(each)) ways.set(each, depth + 1);
  }
  return roots;
}

/** What the first output of a node may be a scaling of. */
function scaledInputs(graph: Graph, node: GraphNode): readonly string[] {
  const inputs = dataInputs(node).slice(0, 2);
  if (scaleOps.has(node.op)) return inputs;
  // Against a division by zero: of the deviation, where others add to the variance.
  const isShifted = sums.has(node.op) && isConstant(graph, inputs[1] ?? '');
  return isShifted || passingOps.has(node.op) ? inputs.slice(0, 1) : [];
}
