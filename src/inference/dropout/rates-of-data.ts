/**
 * Rates that are computed from data. A mask drawn by them is part of the model: it samples in proportion to what it is given,
 * and a quotient by the rate keeps the mean, as in importance weighting. The rate of a dropout is a number that stands in the
 * graph, is fed, or follows from the steps that were made.
 */
import { readType } from '../../graph/attributes.js';
import { parseInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { switchOps } from '../../graph/op-kinds/control-flow.js';
import { placeholderOps } from '../../graph/op-kinds/placeholders.js';
import { readShape } from '../../graph/shape.js';
import { NodeSet } from '../../graph/upstream.js';
import { DataType } from '../../proto/data-types.js';
import { handedOutBy } from '../inputs/handed-out-by.js';
import type { Scope } from '../scope.js';
import { sourceOf } from './amount.js';
import type { FoundNoise } from './find-noise.js';

/** @param needed what the outputs are computed from without the noises. */
export function ratesOfData(
  scope: Scope,
  noises: readonly FoundNoise[],
  needed: NodeSet,
): (noise: FoundNoise) => boolean {
  if (!noises.some(({ rate }) => rate !== undefined)) return () => false;
  const computed = computedFromData(scope, noises, needed);
  return ({ rate }) => rate !== undefined && computed.has(parseInput(rate).node);
}

/** Ops that take of a tensor no more than its shape, or whether it is taken. */
const shapeOps: ReadonlySet<string> = new Set(['Shape', 'ShapeN', 'Size', 'Rank', 'ZerosLike', 'OnesLike']);

function computedFromData(scope: Scope, noises: readonly FoundNoise[], needed: NodeSet): NodeSet {
  const { graph } = scope;
  const found = new NodeSet(graph);
  const dropped = new Set(noises.map(({ data }) => parseInput(sourceOf(scope, data)).node));
  const isUsedHere = ({ name, op }: GraphNode): boolean =>
    op === '_Arg' ? dropped.has(name) || isUsed(scope, name, needed) : needed.has(name);
  const waiting = graph.nodes.filter((node) => isData(scope, node, isUsedHere)).map(({ name }) => name);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.addAt(graph.wiring.positionOf(name));
    for (const { node } of scope.readers(name)) {
      const isPredicate = switchOps.has(node.op) && parseInput(node.inputs[0] ?? '').node !== name;
      if (!shapeOps.has(node.op) && !isPredicate) waiting.push(node.name);
    }
  }
  return found;
}

/** What comes in as data: more than one number, or what the model goes on needing when its dropouts are gone. */
function isData(scope: Scope, node: GraphNode, isUsedHere: (node: GraphNode) => boolean): boolean {
  if (handedOutBy(scope.graph, node) !== undefined) return true;
  const isArgument = node.op === '_Arg';
  if (!isArgument && !placeholderOps.has(node.op)) return false;
  const type = readType(node, isArgument ? 'T' : 'dtype');
  if (type === DataType.bool || type === DataType.resource || type === DataType.variant) return false;
  const shape = isArgument ? undefined : readShape(node, 'shape');
  return shape === undefined ? isUsedHere(node) : shape.length > 0;
}

/** Loops hand what stays the same in all rounds back as it is; that is no use of it. */
function isUsed(scope: Scope, name: string, needed: NodeSet): boolean {
  // No recursion: a long chain would take more stack than there is.
  const names = new Set([name]);
  for (const each of names) {
    for (const { node } of scope.readers(each)) {
      if (!needed.has(node.name) || node.op === '_Retval') continue;
      if (node.op !== 'Identity' || scope.outputs.has(node.name)) return true;
      names.add(node.name);
    }
  }
  return false;
}
