/**
 * Cuts a graph: placeholders take the place of tensors, and what lies in front of them is waited for by nothing any more.
 * A node with one output becomes its placeholder; of any other, the readers go over to placeholders of their own.
 */
import { shapeAttribute, typeAttribute } from '../../graph/attributes.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import { type Attributes, GraphNode } from '../../graph/node.js';
import { downstream, type NodeSet, reach, upstream } from '../../graph/upstream.js';
import type { ResolvedCut } from './resolve-cut.js';

export interface CutGraph {
  readonly graph: Graph;
  /** What the outputs need of it. */
  readonly needed: NodeSet;
}

/** @param sources names of the nodes that are cut, those of the cuts at least. */
export function placePlaceholders(
  graph: Graph,
  outputs: readonly string[],
  cuts: readonly ResolvedCut[],
  sources: ReadonlySet<string>,
): CutGraph {
  const front = upstream(graph, sources);
  const redirected = redirect(graph, cuts, sources);
  const isFront = redirected.nodes.map(({ name }) => front.has(name));
  const needed = neededOf(redirected, outputs, isFront);
  // An edge of control from there to here is the training's order of things.
  const free = redirected.mapNodes((node) => {
    const isLeft = (input: string): boolean => isControlInput(input) && !needed.has(parseInput(input).node);
    return needed.has(node.name) && node.inputs.some(isLeft)
      ? node.edit({ inputs: node.inputs.filter((input) => !isLeft(input)) })
      : node;
  });
  const isStale = cuts.some(({ isShapeOfGraph }) => !isShapeOfGraph);
  return { graph: isStale ? withoutShapes(free, cuts) : free, needed };
}

function redirect(graph: Graph, cuts: readonly ResolvedCut[], sources: ReadonlySet<string>): Graph {
  const { wiring } = graph;
  const names = new Map(cuts.map(({ node, port, name }) => [`${node.name}:${port}`, name]));
  const inputOf = (input: string): string => {
    const { node, port } = parseInput(input);
    return names.get(`${node}:${port}`) ?? input;
  };
  const isWait = (input: string): boolean => isControlInput(input) && sources.has(input.slice(1));
  const readers = new Set<number>();
  for (const source of sources) wiring.forEachReader(wiring.numberOf(source), (position) => readers.add(position));
  const own = new Map<number, GraphNode[]>();
  const known = new Map<string, Attributes>();
  for (const cut of cuts) {
    const position = wiring.positionOf(cut.node.name);
    const placeholders = own.get(position) ?? [];
    own.set(position, placeholders);
    placeholders.push(placeholder(cut, known));
  }
  const nodes = graph.nodes.flatMap((node, position) => {
    const placeholders = own.get(position) ?? [];
    if (placeholders.some(({ name }) => name === node.name)) return placeholders;
    if (!readers.has(position)) return placeholders.length > 0 ? [...placeholders, node] : node;
    const inputs = node.inputs.filter((input) => !isWait(input)).map(inputOf);
    return [...placeholders, node.edit({ inputs })];
  });
  return graph.withNodes(nodes);
}

/** @param known attributes by type and shape: one for all that are alike, of which there may be very many. */
function placeholder({ node, name, dtype, shape }: ResolvedCut, known: Map<string, Attributes>): GraphNode {
  const kind = `${dtype}[${shape}]${shape === undefined}`;
  const attributes = known.get(kind) ?? attributesOf(dtype, shape);
  known.set(kind, attributes);
  if (name === node.name) return node.edit({ op: 'Placeholder', inputs: [], attributes });
  return GraphNode.create(name, 'Placeholder', [], attributes).edit({ device: node.device });
}

function attributesOf(dtype: number, shape: readonly number[] | undefined): Attributes {
  return new Map([
    ['dtype', typeAttribute(dtype)],
    ['shape', shapeAttribute(shape)],
  ]);
}

/** Everything upstream of the outputs but what is in front and only waited for. */
function neededOf(graph: Graph, outputs: readonly string[], isFront: readonly boolean[]): NodeSet {
  const { nodes, wiring } = graph;
  const start = outputs.map((output) => wiring.positionOf(output));
  return reach(graph, start, (position, visit) => {
    const { inputs } = nodes[position] as GraphNode;
    wiring.sourcesOf(position).forEach((source, input) => {
      if (!isFront[source] || !isControlInput(inputs[input] ?? '')) visit(source);
    });
  });
}

/** Shapes that were worked out for another input do not hold, and TensorFlow would take them for true. */
function withoutShapes(graph: Graph, cuts: readonly ResolvedCut[]): Graph {
  const { wiring } = graph;
  const stale = cuts.filter(({ isShapeOfGraph }) => !isShapeOfGraph).map(({ name }) => wiring.positionOf(name));
  const behind = downstream(graph, stale);
  const attribute = '_output_shapes';
  return graph.mapNodes((node) => {
    const isStale = behind.has(node.name) && node.attribute(attribute) !== undefined;
    return isStale ? node.edit({ set: { [attribute]: undefined } }) : node;
  });
}
