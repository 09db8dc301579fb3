/** Normalisation by the mean alone, as beside weights that are normalised themselves: `x - mean + offset`. */
import type { Consumer } from '../../graph/consumers.js';
import { dataInputs } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { FoundInGraphs } from '../found-by-depth.js';
import type { Scope } from '../scope.js';
import { passingOps, producerOf, tensorOf } from './flow.js';
import { rootOps, scaleOps, scalings, sums } from './normalization.js';

/** What deviations are made of. */
const measuring: ReadonlySet<string> = new Set(['Square', 'SquaredDifference', 'Pow', 'Abs', 'L2Loss']);

const maxDepth = 8;
const maxSteps = 64;

/** Whether a mean does nothing but center what it is the mean of, which nobody normalises then. */
export function centersOnly(scope: Scope, mean: GraphNode, uses: readonly Consumer[]): boolean {
  const data = mean.op === 'Mean' ? mean.inputs[0] : undefined;
  if (data === undefined || uses.length === 0) return false;
  return uses.every(({ node, input }) => {
    if (node.op !== 'Sub' || input !== 1 || tensorOf(node.inputs[0] ?? '') !== tensorOf(data)) return false;
    return scope.readers(node.name).every((reader) => !isMeasured(reader.node) && !isDivided(scope, reader));
  });
}

function isMeasured(node: GraphNode): boolean {
  return measuring.has(node.op) || isSquare(node);
}

/** Whether a factor may be the root of a variance. */
function isDivided(scope: Scope, use: Consumer): boolean {
  const waiting = [use];
  for (const { node, input } of waiting) {
    if (waiting.length > maxSteps) return true;
    const isScaled = scalings.has(node.op);
    if (isScaled && hasRoot(scope.graph, node.inputs[1 - input] ?? '', 0)) return true;
    if (!isScaled && !passingOps.has(node.op)) continue;
    // One too many is enough.
    for (const reader of scope.readers(node.name).slice(0, maxSteps + 1)) waiting.push(reader);
  }
  return false;
}

const roots = new FoundInGraphs<boolean>();

function hasRoot(graph: Graph, input: string, depth: number): boolean {
  return roots.in(graph).of(input, depth, () => {
    const node = producerOf(graph, input);
    if (!node || depth > maxDepth) return false;
    if (rootOps.has(node.op)) return true;
    const isOnTheWay = scaleOps.has(node.op) || passingOps.has(node.op) || sums.has(node.op);
    return isOnTheWay && dataInputs(node).some((each) => hasRoot(graph, each, depth + 1));
  });
}

function isSquare({ op, inputs }: GraphNode): boolean {
  return op === 'Mul' && tensorOf(inputs[0] ?? '') === tensorOf(inputs[1] ?? '');
}
