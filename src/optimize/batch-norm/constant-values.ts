/** What small expressions of constants come to, as float64: the parameters of normalisation, however they are put together. */

import { isFloat64Array } from 'node:util/types';
import { isDenormal, leastNormalOf } from '../../evaluate/denormals.js';
import { floatsOf } from '../../evaluate/floats.js';
import { type Op, ops } from '../../evaluate/ops.js';
import { countOf, Tensor } from '../../evaluate/tensor.js';
import { readConstant } from '../../evaluate/tensor-proto.js';
import { readAttribute, readType } from '../../graph/attributes.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { constantForm } from '../../graph/shape.js';
import { StoredTensor } from '../../graph/stored-tensor.js';
import { limits, within } from '../../limits.js';
import { DataType } from '../../proto/data-types.js';
import { floatOps } from '../float-ops.js';
import type { Optimizing } from '../optimization.js';

/** Parameters have an element a channel. */
export const mostElements: number = 1 << 20;

/** Of float64, as all floats are here. */
const mostBytes = mostElements * 8;

/** Of all folds together. */
const mostSteps = 1 << 24;

/** Expressions are a few nodes deep. */
const mostDepth = 32;

/** Of the axes named, or of all, those that have the size 1. */
const squeeze: Op = ([value], node) => {
  if (!value) return undefined;
  const { shape } = value;
  const dims = (readAttribute(node, 'squeeze_dims')?.list?.i ?? []).map((dim) => dim.toNumber());
  const axes = new Set(dims.map((dim) => (dim < 0 ? dim + shape.length : dim)));
  const goes = (size: number, axis: number): boolean => (axes.size === 0 ? size === 1 : axes.has(axis));
  const gone = shape.filter(goes);
  if (gone.some((size) => size !== 1) || (axes.size > 0 && gone.length !== axes.size)) return undefined;
  return value.withShape(shape.filter((size, axis) => !goes(size, axis)));
};

/** From one floating type to another; all are float64 here. */
const castFloat: Op = ([value], node) => {
  const isFloat = (dtype: number): boolean => floatsOf(new Tensor(dtype, [0], new Uint8Array(0))) !== undefined;
  return isFloat(readType(node, 'SrcT')) && isFloat(readType(node, 'DstT')) ? value : undefined;
};

const computed: ReadonlyMap<string, Op> = new Map<string, Op>([
  ...['Identity', 'Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Reshape', 'ExpandDims'].map((name): [string, Op] => [
    name,
    ops.get(name) as Op,
  ]),
  ...floatOps,
  ['Squeeze', squeeze],
  ['Cast', castFloat],
]);

export class ConstantValues {
  readonly #stored = new Map<string, StoredTensor>();
  readonly #isConstant = new Map<string, boolean>();
  readonly #values = new Map<string, Tensor | undefined>();
  /** Of all that is kept, and neither in the graph nor in the checkpoint. */
  #bytes = 0;
  #steps = 0;

  constructor(private readonly graph: Graph) {}

  /** Whether an input comes from nothing but constants, by ops that are known here. */
  has(input: string, depth = 0): boolean {
    const { node: name, port } = parseInput(input);
    if (port !== 0 || depth > mostDepth) return false;
    const known = this.#isConstant.get(name);
    if (known !== undefined) return known;
    const node = this.graph.byName.get(name);
    const isConstant =
      node !== undefined &&
      (node.op === 'Const' ? this.#isSmall(node) : computed.has(node.op)) &&
      dataInputs(node).every((each) => this.has(each, depth + 1));
    this.#isConstant.set(name, isConstant);
    return isConstant;
  }

  /** Of the checkpoint, what all inputs need of which `has` was asked. */
  async load(read: Optimizing['read']): Promise<void> {
    const values = await read([...this.#stored.values()]);
    for (const [name, tensor] of this.#stored) this.#values.set(name, widened(values.get(tensor)));
  }

  /**
   * Of an input that `has` knows, once all is loaded: floats as float64.
   * @returns undefined where shapes or types do not go together, or where there would be too much of it.
   */
  get(input: string): Tensor | undefined {
    const { node: name } = parseInput(input);
    if (!this.#values.has(name)) this.#values.set(name, this.#kept(this.graph.byName.get(name) as GraphNode));
    return this.#values.get(name);
  }

  /** Whether so many bytes more may be computed of constants: a few bytes of a graph can ask for very many. */
  hasRoomFor(bytes: number): boolean {
    if (this.#bytes + bytes > limits().computedBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Whether so many steps more may be gone, one for each channel and node. The largest models take some millions. */
  hasTimeFor(steps: number): boolean {
    if (this.#steps + steps > mostSteps) return false;
    this.#steps += steps;
    return true;
  }

  #kept(node: GraphNode): Tensor | undefined {
    if (node.op === 'Const') return this.#constant(node);
    const inputs = dataInputs(node).map((input) => this.get(input));
    const known = inputs.filter((value) => value !== undefined);
    if (known.length !== inputs.length) return undefined;
    const most = { ...limits(), computedBytes: Math.min(mostBytes, limits().computedBytes) };
    const value = within(most, () => computed.get(node.op)?.(known, node));
    if (!value || known.some(({ elements }) => elements === value.elements)) return value;
    return this.hasRoomFor(value.byteLength) ? flushed(value, readType(node, 'T')) : undefined;
  }

  #constant(node: GraphNode): Tensor | undefined {
    const value = readConstant(node);
    // One element may stand for all.
    const isRepeated = value && value.byteLength > (node.attribute('value')?.length ?? 0);
    return isRepeated && !this.hasRoomFor(value.elementCount * 8) ? undefined : widened(value);
  }

  #isSmall(node: GraphNode): boolean {
    const value = node.getEdited('value');
    const form = value instanceof StoredTensor ? value : constantForm(node);
    if (!form || form.dtype === DataType.string || countOf(form.shape) > mostElements) return false;
    if (value instanceof StoredTensor) this.#stored.set(node.name, value);
    return true;
  }
}

function dataInputs({ inputs }: GraphNode): string[] {
  return inputs.filter((input) => !isControlInput(input));
}

function widened(value: Tensor | undefined): Tensor | undefined {
  const floats = value && floatsOf(value);
  if (!floats) return value;
  return flushed(new Tensor(DataType.float64, value.shape, new Uint8Array(floats.buffer)), value.dtype);
}

/** Denormal numbers are 0, as TensorFlow takes them. @param dtype as which TensorFlow has it. @param value as float64, changed. */
function flushed(value: Tensor, dtype: number): Tensor {
  const least = leastNormalOf(dtype);
  const floats = value.numbers();
  if (!isFloat64Array(floats) || least === 0) return value;
  for (let index = 0; index < floats.length; index++) {
    if (isDenormal(floats[index] as number, least)) floats[index] = 0;
  }
  return value;
}
