/**
 * Ops that only move elements about, and that together move nothing: a Reshape of a Reshape, a Transpose that another one takes
 * back, one that leaves the axes in their order, a Cast to the same type, a Squeeze of what ExpandDims has put there.
 */
import { integers } from '../evaluate/shapes.js';
import type { Tensor } from '../evaluate/tensor.js';
import { readAttribute, readType, shapeSizes } from '../graph/attributes.js';
import { isControlInput, parseInput } from '../graph/edges.js';
import { executionOrder } from '../graph/execution-order.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { handedOnInTheEnd, heldNames, passBy } from '../graph/pass-by.js';
import { readShape } from '../graph/shape.js';
import type { Optimizing } from './optimization.js';
import { isSmallConstant, readSmallConstants } from './small-constants.js';

/** Ops whose second input says where elements go. */
const steered: ReadonlySet<string> = new Set(['Transpose', 'ExpandDims', 'Reshape']);

export async function cancelMoves(graph: Graph, optimizing: Optimizing): Promise<Graph> {
  const { outputs, report } = optimizing;
  const held = heldNames(graph.nodes);
  const moves = new Moves(graph, await steeringValues(graph, optimizing));
  const unmoved = new Map<string, string>();
  for (const node of graph.nodes) {
    const input = outputs.has(node.name) || held.has(node.name) ? undefined : moves.unmoved(node);
    if (input !== undefined) unmoved.set(node.name, input);
  }
  const instead = handedOnInTheEnd(unmoved);
  return graph.mapNodes((node) => {
    const input = instead.get(node.name);
    if (input !== undefined) {
      report(node.name, `moves nothing (${node.op}): its readers read ${input}`);
      return node;
    }
    const shortened = moves.withoutReshape(node);
    const edited = passBy(shortened, instead);
    if (shortened !== node) report(node.name, `reads ${edited.inputs[0]}, past the Reshape before it`);
    return edited;
  });
}

/** What the constants hold that say where elements go, by their names. */
function steeringValues(graph: Graph, optimizing: Optimizing): Promise<Map<string, Tensor>> {
  const names = new Set(
    graph.nodes.flatMap((node) => (steered.has(node.op) ? [parseInput(node.inputs[1] ?? '').node] : [])),
  );
  const constants = graph.nodes.filter((node) => names.has(node.name) && isSmallConstant(node));
  return readSmallConstants(constants, optimizing);
}

class Moves {
  /** By the names of Reshapes: what comes into the first of those that follow one another. */
  readonly #reshaped = new Map<string, string>();

  constructor(
    private readonly graph: Graph,
    private readonly values: ReadonlyMap<string, Tensor>,
  ) {
    for (const position of executionOrder(graph)) {
      const { name, op, inputs } = graph.nodes[position] as GraphNode;
      const [input] = inputs;
      if (op !== 'Reshape' || input === undefined) continue;
      const before = this.#before(input, 'Reshape');
      this.#reshaped.set(name, (before && this.#reshaped.get(before.name)) ?? input);
    }
  }

  /** The input that a node's output equals, element by element and in shape. */
  unmoved(node: GraphNode): string | undefined {
    const [input = ''] = node.inputs;
    // What waits for something else is more than a move.
    if (node.inputs.some(isControlInput)) return undefined;
    if (node.op === 'Cast') return readType(node, 'SrcT') === readType(node, 'DstT') ? input : undefined;
    if (node.op === 'Transpose') return this.#unturned(node, input);
    if (node.op === 'Reshape') return this.#unshaped(node);
    return node.op === 'Squeeze' ? this.#unexpanded(node, input) : undefined;
  }

  /** The order of elements is the same in every shape. */
  withoutReshape(node: GraphNode): GraphNode {
    const input = this.#reshaped.get(node.name);
    if (input === undefined || input === node.inputs[0]) return node;
    return node.edit({ inputs: [input, ...node.inputs.slice(1)] });
  }

  /** A Reshape to the shape that the tensor has anyway. */
  #unshaped(node: GraphNode): string | undefined {
    const source = this.withoutReshape(node).inputs[0] as string;
    const from = this.#shapeOf(source);
    const to = this.#integers(node.inputs[1]);
    // Old graphs write an open shape as that of a scalar.
    const isSame =
      from?.length !== 0 &&
      from?.length === to?.length &&
      from?.every((size, axis) => size >= 0 && size === to?.[axis]);
    return isSame ? source : undefined;
  }

  /** As far as the graph tells it. */
  #shapeOf(input: string): readonly number[] | undefined {
    const { node: name, port } = parseInput(input);
    const node = this.graph.byName.get(name);
    const known = node && readAttribute(node, '_output_shapes')?.list?.shape?.[port];
    if (known) return known.unknown_rank ? undefined : shapeSizes(known);
    return node?.op === 'Placeholder' ? readShape(node, 'shape') : undefined;
  }

  #unturned(node: GraphNode, input: string): string | undefined {
    const own = this.#integers(node.inputs[1]);
    if (!own) return undefined;
    if (own.every((axis, index) => axis === index)) return input;
    const before = this.#before(input, 'Transpose');
    const other = this.#integers(before?.inputs[1]);
    const isUndone = other?.length === own.length && own.every((axis, index) => other[axis] === index);
    return isUndone ? before?.inputs[0] : undefined;
  }

  /** Axes that count from the end mean the same in both only where one was added there. */
  #unexpanded(node: GraphNode, input: string): string | undefined {
    const axes = readAttribute(node, 'squeeze_dims')?.list?.i ?? [];
    const before = this.#before(input, 'ExpandDims');
    const [axis] = this.#integers(before?.inputs[1]) ?? [];
    return axes.length === 1 && axis !== undefined && axes[0]?.toNumber() === axis ? before?.inputs[0] : undefined;
  }

  /** The node of that op whose first output an input is, where it waits for nothing. */
  #before(input: string | undefined, op: string): GraphNode | undefined {
    const { node: name, port } = parseInput(input ?? '');
    const node = port === 0 ? this.graph.byName.get(name) : undefined;
    return node?.op === op && !node.inputs.some(isControlInput) ? node : undefined;
  }

  #integers(input: string | undefined): number[] | undefined {
    return input === undefined ? undefined : integers(this.values.get(input));
  }
}
