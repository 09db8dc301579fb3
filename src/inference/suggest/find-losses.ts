/**
 * Finds where a graph holds what the model says against what is known: what goes into the losses. Known is what comes from
 * the data without any variable in between.
 */
import { parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import type { NodeSet } from '../../graph/upstream.js';
import { forEachReader, readersOf, type Tensor, tensorsInto } from './data-flow.js';

export interface Loss {
  /** Position of the node that compares. */
  readonly node: number;
  /** What the model says there. */
  readonly prediction: Tensor;
  /** What is known. */
  readonly labels: readonly Tensor[];
}

/** Takes a prediction first, then labels. */
function isComparing(op: string): boolean {
  if (op.includes('WeightedCrossEntropy') || op.includes('SigmoidCrossEntropy')) return true;
  return ['CrossEntropyWithLogits', 'CTCLoss', 'CTCLossV2'].some((end) => op.endsWith(end));
}

/** What follows a difference that is a loss. */
const distances = /^(Square|Abs|Pow|L2Loss)$/;

/** Labels that are all the same. */
const filled = /^(ZerosLike|OnesLike)$/;

/** What may stand between a probability and its logarithm, or between that and the labels. */
const passing = /^(Identity|Reshape|Squeeze|Cast|Add|AddV2|Maximum|Minimum|ClipByValue)$/;

/**
 * @param fromData what is computed from data.
 * @param learned what is computed from variables.
 */
export function findLosses(graph: Graph, fromData: NodeSet, learned: NodeSet): Loss[] {
  const { nodes } = graph;
  const isKnown = ({ position }: Tensor): boolean =>
    (fromData.hasAt(position) && !learned.hasAt(position)) || filled.test((nodes[position] as GraphNode).op);
  const losses: Loss[] = [];
  nodes.forEach((node, position) => {
    const sources = tensorsInto(graph, position);
    if (isComparing(node.op)) {
      const [prediction, ...labels] = sources;
      if (prediction && learned.hasAt(prediction.position)) losses.push({ node: position, prediction, labels });
      return;
    }
    const [prediction, label] = opposed(sources, isKnown, learned);
    if (!prediction || !label) return;
    const compared = comparedBy(graph, node, position, prediction);
    if (compared) losses.push({ node: position, prediction: compared, labels: [label] });
  });
  return losses;
}

export function positionsOf({ nodes }: Graph, isWanted: (node: GraphNode) => boolean): number[] {
  return nodes.flatMap((node, position) => (isWanted(node) ? position : []));
}

/** Of two inputs, the one that variables have a part in, and the one that is data alone. */
function opposed(
  sources: readonly Tensor[],
  isKnown: (tensor: Tensor) => boolean,
  learned: NodeSet,
): (Tensor | undefined)[] {
  const [first, second] = sources;
  if (sources.length !== 2 || !first || !second) return [];
  if (learned.hasAt(first.position) && isKnown(second)) return [first, second];
  return learned.hasAt(second.position) && isKnown(first) ? [second, first] : [];
}

/** What a node compares with data, where that is what it does. */
function comparedBy(graph: Graph, { op }: GraphNode, position: number, prediction: Tensor): Tensor | undefined {
  const { nodes } = graph;
  if (op === 'SquaredDifference') return prediction;
  if (op === 'Sub') {
    const isDistance = readersOf(graph, position).some((reader) => distances.test((nodes[reader] as GraphNode).op));
    return isDistance ? prediction : undefined;
  }
  if (op !== 'Mul') return undefined;
  return logarithmOf(graph, prediction) ?? (isLogistic(graph, position) ? prediction : undefined);
}

/** `label * log(softmax(x))`: the probability, or x itself where one op makes its logarithm. */
function logarithmOf({ nodes, wiring }: Graph, { position }: Tensor): Tensor | undefined {
  const first = (node: GraphNode | undefined): Tensor | undefined =>
    node && { position: wiring.positionOf(node.name), port: 0 };
  const before = (node: GraphNode): GraphNode | undefined => wiring.get(parseInput(node.inputs[0] ?? '').node);
  const past = (start: GraphNode | undefined): GraphNode | undefined => {
    let node = start;
    for (let steps = 0; node && passing.test(node.op) && steps < 10; steps++) node = before(node);
    return node;
  };
  const end = past(nodes[position]);
  if (end?.op === 'LogSoftmax') return first(before(end));
  if (end?.op !== 'Log') return undefined;
  const probability = past(before(end));
  return probability && /^(Softmax|Sigmoid)$/.test(probability.op) ? first(probability) : undefined;
}

/** `max(x, 0) - x * label + log(1 + exp(-|x|))`, as TensorFlow writes the logistic loss. */
function isLogistic(graph: Graph, product: number): boolean {
  const { nodes } = graph;
  const opAt = (position: number): string => (nodes[position] as GraphNode).op;
  let isFound = false;
  forEachReader(graph, product, (difference) => {
    if (opAt(difference) !== 'Sub') return;
    for (const sum of readersOf(graph, difference)) {
      if (/^Add(V2)?$/.test(opAt(sum)) && tensorsInto(graph, sum).some((term) => opAt(term.position) === 'Log1p'))
        isFound = true;
    }
  });
  return isFound;
}
