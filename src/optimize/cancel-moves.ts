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
import { heldNames, passBy } from '../graph/pass-by.js';
import { readShape } from '../graph/shape.js';
import type { Optimizing } from './optimization.js';
import { isSmallConstant, readSmallConstants } from './small-constants.js';

/** Ops whose second input says where elements go. */
const steered: ReadonlySet<string> = new Set(['Transpose', 'ExpandDims', 'Reshape']);

export async function cancelMoves(graph: Graph, optimizing: Optimizing): Promise<Graph> {
  const { outputs, report } = optimizing;
  const held = heldNames(graph.nodes);
  const values = await steeringValues(graph, optimizing);
  // Nodes come after all that they read: what stands between two moves may have been taken out before they are looked at.
  const edited = new Map<string, GraphNode>();
  const instead = new Map<string, string>();
  const moves = new Moves(edited, values);
  for (const position of executionOrder(graph)) {
    const before = passBy(graph.nodes[position] as GraphNode, instead);
    const node = moves.withoutReshape(before);
    edited.set(node.name, node);
    const input = outputs.has(node.name) || held.has(node.name) ? undefined : moves.unmoved(node);
    if (input !== undefined) {
      instead.set(node.name, input);
      report(node.name, `moves nothing (${node.op}): its readers read ${input}`);
    } else if (node !== before) report(node.name, `reads ${node.inputs[0]}, past the Reshape before it`);
  }
  return graph.mapNodes(({ name }) => edited.get(name) as GraphNode);
}

/** What the constants hold that say where elements go, by their names. */
function steeringValues(graph: Graph, optimizing: Optimizing): Promise<Map<string, Tensor>> {
  const names = new Set(
    graph.nodes.flatMap((node) => (steered.has(node.op) ? [parseInput(node.inputs[1] ?? '').node] : [])),
  );
  const constants = graph.nodes.filter((node) => names.has(node.name) && isSmallConstant(node));
  return readSmallConstants(constants, optimizing);
}

/** Asked about one node after the other, in an order of execution. */
class Moves {
  /** By tensor: very many may read one with a long list of shapes. */
  readonly #shapes = new Map<string, readonly number[] | undefined>();

  constructor(
    /** By name, those that were looked at, as they are now. */
    private readonly nodes: ReadonlyMap<string, GraphNode>,
    private readonly values: ReadonlyMap<string, Tensor>,
  ) {}

  /** The input that a node's output equals, element by element and in shape. */
  unmoved(node: GraphNode): string | undefined {
    const [input = ''] = node.inputs;
    // What waits for something else is more than a move.
    if (node.inputs.some(isControlInput)) return undefined;
    if (node.op === 'Cast') return readType(node, 'SrcT') === readType(node, 'DstT') ? input : undefined;
    if (node.op === 'Transpose') return this.#unturned(node, input);
    if (node.op === 'Reshape') return this.#unshaped(node, input);
    return node.op === 'Squeeze' ? this.#unexpanded(node, input) : undefined;
  }

  /** The order of elements is the same in every shape. */
  withoutReshape(node: GraphNode): GraphNode {
    const [input, ...rest] = node.inputs;
    const before = node.op === 'Reshape' ? this.#before(input, 'Reshape') : undefined;
    return before ? node.edit({ inputs: [before.inputs[0] as string, ...rest] }) : node;
  }

  /** A Reshape to the shape that the tensor has anyway. */
  #unshaped(node: GraphNode, input: string): string | undefined {
    const from = this.#shapeOf(input);
    const to = this.#integers(node.inputs[1]);
    // Old graphs write an open shape as that of a scalar.
    const isSame =
      from?.length !== 0 &&
      from?.length === to?.length &&
      from?.every((size, axis) => size >= 0 && size === to?.[axis]);
    return isSame ? input : undefined;
  }

  /** As far as the graph tells it. */
  #shapeOf(input: string): readonly number[] | undefined {
    if (!this.#shapes.has(input)) this.#shapes.set(input, this.#findShape(input));
    return this.#shapes.get(input);
  }

  #findShape(input: string): readonly number[] | undefined {
    const { node: name, port } = parseInput(input);
    const node = this.nodes.get(name);
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
    const node = port === 0 ? this.nodes.get(name) : undefined;
    return node?.op === op && !node.inputs.some(isControlInput) ? node : undefined;
  }

  #integers(input: string | undefined): number[] | undefined {
    return input === undefined ? undefined : integers(this.values.get(input));
  }
}
