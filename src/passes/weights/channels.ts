/**
 * Which elements of a weight share a scale. A channel is what one output of the op that reads the weight is made of: so its
 * rounding does not depend on how large the numbers of other outputs are.
 */
import { integers } from '../../evaluate/shapes.js';
import { readSmallConstant } from '../../evaluate/small-constant.js';
import { countOf } from '../../evaluate/tensor.js';
import { readAttribute } from '../../graph/attributes.js';
import { type ConsumersOf, dataConsumersByName } from '../../graph/consumers.js';
import { graphNotation, inputNode } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { identityOps } from '../../graph/op-kinds/handing-on.js';
import type { Channels } from '../../graph/stored-tensor.js';
import { bodyNotationOf } from '../retyping/body-notation.js';
import { argumentOffset, calledFunctions } from '../retyping/call-rules.js';
import { HandedRows } from '../retyping/handed-rows.js';

/**
 * Neighbouring axes of a tensor, from `start` on, up to and without `end`; each of their places is a channel, in each place of
 * the `batches` first axes another one.
 */
export interface ChannelAxes {
  readonly batches: number;
  readonly start: number;
  readonly end: number;
}

/** With fewer elements to a channel, scales would take more than they save; the whole tensor has one then. */
const leastElements = 4;

/** @param numberAt the number that an input of the node is, where it is a constant. */
type AxesRule = (
  node: GraphNode,
  input: number,
  rank: number,
  numberAt: (input: number) => number | undefined,
) => ChannelAxes | undefined;

function one(axis: number, batches = 0): ChannelAxes {
  return { batches, start: axis, end: axis + 1 };
}

function flag(node: GraphNode, name: string): boolean {
  return readAttribute(node, name)?.b ?? false;
}

/**
 * The axis of a factor that is one of the product's too: the columns of the right one, the rows of the left one. Each matrix
 * of a batch makes a product of its own.
 */
function factor(left: string, right: string): AxesRule {
  return (node, input, rank) => {
    const isLast = input === 1 ? !flag(node, right) : flag(node, left);
    return rank < 2 ? undefined : one(isLast ? rank - 1 : rank - 2, rank - 2);
  };
}

const kernel: AxesRule = (_, input, rank) => (input === 1 ? one(rank - 1) : undefined);
/** Of the convolution that is turned around, the outputs come before the inputs. */
const turnedKernel: AxesRule = (_, input, rank) => (input === 1 ? one(rank - 2) : undefined);
/** Each input has outputs of its own. */
const depthwiseKernel: AxesRule = (_, input, rank) =>
  input === 1 ? { batches: 0, start: rank - 2, end: rank } : undefined;
/** The rows are what is taken out. */
const table: AxesRule = (_, input) => (input === 0 ? one(0) : undefined);
/** Of a table whose rows are on any axis, or of a batch of tables. */
const turnedTable: AxesRule = (node, input, rank, numberAt) => {
  const given = numberAt(2);
  if (input !== 0 || given === undefined) return undefined;
  const axis = given < 0 ? given + rank : given;
  // Below 0, it counts from the end of the indices' axes: how many that are is not known here.
  const batches = Math.max(0, readAttribute(node, 'batch_dims')?.i?.toNumber() ?? 0);
  return axis < batches || axis >= rank ? undefined : one(axis, batches);
};

const batchFactor = factor('adj_x', 'adj_y');

const axesRules: ReadonlyMap<string, AxesRule> = new Map([
  ['MatMul', factor('transpose_a', 'transpose_b')],
  ['BatchMatMul', batchFactor],
  ['BatchMatMulV2', batchFactor],
  ['BatchMatMulV3', batchFactor],
  ['Conv2D', kernel],
  ['Conv3D', kernel],
  ['DepthwiseConv2dNative', depthwiseKernel],
  ['Conv2DBackpropInput', turnedKernel],
  ['Conv3DBackpropInputV2', turnedKernel],
  ['Gather', table],
  ['GatherV2', turnedTable],
  ['GatherNd', table],
]);

/** Ops that hand on what they get; what a reader does with it counts. */
const passing: ReadonlySet<string> = new Set([
  ...identityOps,
  ...['Cast', 'Enter', 'Exit', 'Merge', 'NextIteration', 'Switch'],
]);

/** Nodes that weights are followed to at most, all weights together: beyond, the last axis counts. */
const mostSteps = 1 << 21;

/** A tensor of the graph, or of a function's body. */
interface Place {
  readonly name: string;
  readonly body: string | undefined;
}

/** Finds the channels of weights in one graph. */
export class ChannelFinder {
  readonly #graph: Graph;
  readonly #consumersOf: ConsumersOf;
  readonly #inFunctions = new Map<string, ConsumersOf>();
  readonly #handed: HandedRows;
  /** Of all weights together. */
  #steps = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#consumersOf = dataConsumersByName(graph.wiring, graphNotation);
    this.#handed = new HandedRows(graph.library);
  }

  /** Of the nearest reader that has a rule; else the last axis, which most layers have their outputs on. */
  axesOf(name: string, shape: readonly number[]): ChannelAxes {
    const rank = shape.length;
    const none = { batches: 0, start: rank, end: rank };
    if (rank < 2) return none;
    const axes = this.#follow(name, rank) ?? one(rank - 1);
    const isFew = countOf(shape) < leastElements * countOf(layOutChannels(shape, axes).scaleShape);
    return isFew ? none : axes;
  }

  #follow(weight: string, rank: number): ChannelAxes | undefined {
    const places: Place[] = [{ name: weight, body: undefined }];
    const seen = new Set<string>();
    for (const { name, body } of places) {
      if (this.#steps > mostSteps) break;
      const key = `${body ?? ''}\0${name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const consumers = this.#consumersIn(body)(name);
      this.#steps += 1 + consumers.length;
      for (const { node, input } of consumers) {
        const axes = axesRules.get(node.op)?.(node, input, rank, (at) => this.#numberAt(node, at, body));
        if (axes) return axes;
        if (passing.has(node.op)) places.push({ name: node.name, body });
        // One by one: a Case has any number of branches, and a call takes so many arguments only.
        else for (const place of this.#argumentsFor(node, input)) places.push(place);
      }
    }
    return undefined;
  }

  /** Where an input goes on in the functions that a node calls. */
  #argumentsFor(node: GraphNode, input: number): Place[] {
    return this.#handed.of(node).flatMap((handed) => {
      if (input < handed.start || input >= handed.end) return [];
      return calledFunctions(node, handed.row).flatMap(({ name: body }) => {
        const inputs = this.#graph.library.byName.get(body)?.inputs ?? [];
        const argument = inputs[input + argumentOffset(handed.row, handed, inputs.length)];
        return argument ? { name: argument.name, body } : [];
      });
    });
  }

  #numberAt({ inputs }: GraphNode, input: number, body: string | undefined): number | undefined {
    const nodes = body === undefined ? this.#graph : this.#graph.library.byName.get(body);
    const constant = nodes?.wiring.get(inputNode(inputs[input] ?? ''));
    const numbers = constant && integers(readSmallConstant(constant));
    return numbers?.length === 1 ? numbers[0] : undefined;
  }

  #consumersIn(name: string | undefined): ConsumersOf {
    if (name === undefined) return this.#consumersOf;
    const known = this.#inFunctions.get(name);
    if (known) return known;
    const { library } = this.#graph;
    const body = library.byName.get(name);
    const consumersOf: ConsumersOf = body
      ? dataConsumersByName(body.wiring, bodyNotationOf(body.nodes, library))
      : () => [];
    this.#inFunctions.set(name, consumersOf);
    return consumersOf;
  }
}

/** How the channels of a tensor follow each other, and the shape that a scale for each of them has to multiply with it. */
export function layOutChannels(
  shape: readonly number[],
  { batches, start, end }: ChannelAxes,
): { readonly channels: Channels; readonly scaleShape: readonly number[] } {
  // Next to the channels' axes, those of the batches are like more of them.
  const first = batches < start ? start : 0;
  const outer = batches < start ? batches : 0;
  return {
    channels: {
      count: countOf(shape.slice(first, end)),
      run: countOf(shape.slice(end)),
      block: countOf(shape.slice(outer)),
    },
    scaleShape: shape.map((size, axis) => (axis < outer || (axis >= first && axis < end) ? size : 1)),
  };
}
