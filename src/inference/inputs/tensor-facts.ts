/** What a graph says of one tensor: how many its node has, its type, its shape. */
import { addToList } from '../../add-to-list.js';
import { readAttribute, shapeSizes } from '../../graph/attributes.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { placeholderOps } from '../../graph/op-kinds/placeholders.js';
import { argumentTypes, type OpArgument, opSignature } from '../../graph/op-signature.js';
import { readShape } from '../../graph/shape.js';
import type { TensorShapeProto } from '../../proto/types.js';

/** A fact, and the attribute that says it. */
export interface Told<T> {
  readonly value: T;
  readonly by: string;
}

/** DataType numbers of all outputs, 0 where one is not known; undefined where not even their number is. */
export function outputTypes(node: GraphNode, { library }: Pick<Graph, 'library'>): readonly number[] | undefined {
  const called = library.byName.get(node.op);
  if (called) return called.outputs.map(({ type }) => type);
  return typesOf(node, opSignature(node.op)?.outputs);
}

/** The shapes that an attribute lists, if it lists any. */
type ShapesOf = (node: GraphNode, attribute: string) => readonly TensorShapeProto[] | undefined;

const shapesOf: ShapesOf = (node, attribute) => readAttribute(node, attribute)?.list?.shape;

/** The shapes of all dimensions but those that a value in the graph decides; -1 for one that is open. */
export function tensorShape(
  graph: Graph,
  node: GraphNode,
  port: number,
  listed: ShapesOf = shapesOf,
): Told<readonly number[]> | undefined {
  for (const name of ['_output_shapes', 'output_shapes']) {
    const value = known(listed(node, name)?.[port]);
    if (value) return { value, by: name };
  }
  if (port === 0 && (placeholderOps.has(node.op) || node.op === 'VariableV2')) {
    const value = readShape(node, 'shape');
    // A placeholder of the first versions wrote an unknown shape as that of a scalar.
    if (value && (value.length > 0 || !placeholderOps.has(node.op))) return { value, by: 'shape' };
  }
  return queuedShape(graph, node, port, listed);
}

/** A queue knows the shapes of its elements; how many come at once is the caller's business. */
function queuedShape(
  graph: Graph,
  node: GraphNode,
  port: number,
  listed: ShapesOf,
): Told<readonly number[]> | undefined {
  const [queue = ''] = /^QueueDequeue/.test(node.op) ? node.inputs : [];
  const made = graph.byName.get(parseInput(queue).node);
  const element = made && known(listed(made, 'shapes')?.[port]);
  if (!element) return undefined;
  return { value: /Many|UpTo/.test(node.op) ? [-1, ...element] : element, by: `shapes of '${made.name}'` };
}

function known(shape: TensorShapeProto | undefined): number[] | undefined {
  return shape && !shape.unknown_rank ? shapeSizes(shape) : undefined;
}

/** What a node takes at one of its inputs, where TensorFlow knows its op. */
export interface Taken {
  /** 0: not known. */
  readonly type: number;
  readonly isReference: boolean;
}

/** By node: what it takes, as far as that is known. A node may have very many inputs, and be asked of each. */
const takenByNode = new WeakMap<GraphNode, readonly Taken[]>();

export function takenAt(node: GraphNode, input: number): Taken | undefined {
  const taken = takenByNode.get(node) ?? takenBy(node);
  takenByNode.set(node, taken);
  return taken[input];
}

function takenBy(node: GraphNode): Taken[] {
  const taken: Taken[] = [];
  for (const argument of opSignature(node.op)?.inputs ?? []) {
    const types = argumentTypes(node, argument, node.inputs.length - taken.length);
    if (!types) break;
    for (const type of types) taken.push({ type, isReference: argument.isReference });
  }
  return taken;
}

function typesOf(node: GraphNode, args: readonly OpArgument[] | undefined): readonly number[] | undefined {
  if (!args) return undefined;
  const types: number[] = [];
  for (const argument of args) {
    const own = argumentTypes(node, argument) ?? singleUnknown(argument);
    if (!own) return undefined;
    types.push(...own);
  }
  return types;
}

/** One tensor of a type that an attribute would say that the node lacks. */
function singleUnknown({ number, type }: OpArgument): readonly number[] | undefined {
  return number === undefined && 'attribute' in type ? [0] : undefined;
}

/** Who reads a tensor. */
export interface Reader {
  readonly node: GraphNode;
  readonly position: number;
  /** Which of its inputs. */
  readonly input: number;
}

/** @returns readers of data by output, in the graph's order. */
function readersByPort(graph: Graph, name: string): ReadonlyMap<number, readonly Reader[]> {
  const { wiring } = graph;
  const found = new Map<number, Reader[]>();
  wiring.forEachReader(wiring.numberOf(name), (position, input) => {
    const node = wiring.nodes[position] as GraphNode;
    const text = node.inputs[input] as string;
    if (isControlInput(text)) return;
    addToList(found, parseInput(text).port, { node, position, input });
  });
  return found;
}

/** What is told of one output of a node after the other: a node may have very many, and what lists them is read once. */
export class OutputFacts {
  readonly types: readonly number[] | undefined;
  readonly readers: ReadonlyMap<number, readonly Reader[]>;
  /** How many outputs there are, or else are read. */
  readonly count: number;
  readonly #listed = new Map<string, ReturnType<ShapesOf>>();

  constructor(
    private readonly graph: Graph,
    readonly node: GraphNode,
  ) {
    this.types = outputTypes(node, graph);
    this.readers = readersByPort(graph, node.name);
    this.count = this.types?.length ?? [...this.readers.keys()].reduce((most, port) => Math.max(most, port), 0) + 1;
  }

  shape(port: number): Told<readonly number[]> | undefined {
    return tensorShape(this.graph, this.node, port, (node, attribute) => {
      // Of the node, or of its queue, which lists other attributes.
      if (!this.#listed.has(attribute)) this.#listed.set(attribute, shapesOf(node, attribute));
      return this.#listed.get(attribute);
    });
  }
}

/** The type that one of the readers takes; 0 where none says. */
export function takenType(readers: readonly Reader[]): number {
  return readers.map(({ node, input }) => takenAt(node, input)?.type ?? 0).find((type) => type !== 0) ?? 0;
}
