/** What the ops compute that initialisers and predicates are commonly made of: one row an op. */
import { readAttribute, readType } from '../graph/attributes.js';
import type { GraphNode } from '../graph/node.js';
import { DataType } from '../proto/data-types.js';
import { comparison, logic, logicalNot, reduction, select, squeezed, truth } from './comparisons.js';
import { unlessDenormal } from './denormals.js';
import { arithmetic, cast, ones, range } from './numbers.js';
import { concatenate, filled, integers, reshaped } from './shapes.js';
import { Tensor } from './tensor.js';
import { readConstant } from './tensor-proto.js';

/**
 * @param inputs the values of the data inputs.
 * @returns undefined where the inputs are of a type, a shape or a size that is not computed here.
 */
export type Op = (inputs: readonly Tensor[], node: GraphNode) => Tensor | undefined;

const same: Op = ([value]) => value;

const fill: Op = ([dims, value]) => {
  const shape = dims && integers(dims);
  return shape && value && filled(shape, value);
};

const zerosLike: Op = ([like]) => {
  if (!like || like.dtype === DataType.string) return undefined;
  return new Tensor(like.dtype, like.shape, new Uint8Array(like.byteLength));
};

const shapeOf: Op = ([value], node) =>
  value &&
  cast(
    new Tensor(DataType.int32, [value.shape.length], bytesOf(value.shape)),
    readType(node, 'out_type') || DataType.int32,
  );

function bytesOf(sizes: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(sizes).buffer);
}

const reshape: Op = ([value, to]) => {
  const shape = to && integers(to);
  return value && shape && reshaped(value, shape);
};

const expandDims: Op = ([value, at]) => {
  const [axis] = (at && integers(at)) ?? [];
  if (!value || axis === undefined) return undefined;
  const place = axis < 0 ? value.shape.length + 1 + axis : axis;
  if (place < 0 || place > value.shape.length) return undefined;
  return value.withShape([...value.shape.slice(0, place), 1, ...value.shape.slice(place)]);
};

const concat: Op = (inputs) => {
  const [axis] = integers(inputs.at(-1)) ?? [];
  return axis === undefined ? undefined : concatenate(inputs.slice(0, -1), axis);
};

const pack: Op = (inputs, node) => {
  const axis = readAttribute(node, 'axis')?.i?.toNumber() ?? 0;
  const place = axis < 0 ? (inputs[0]?.shape.length ?? 0) + 1 + axis : axis;
  const parts = inputs.map((part) => part.withShape([...part.shape.slice(0, place), 1, ...part.shape.slice(place)]));
  return place < 0 ? undefined : concatenate(parts, place);
};

const squeeze: Op = ([value], node) => {
  const axes = readAttribute(node, 'squeeze_dims') ?? readAttribute(node, 'axis');
  return value && squeezed(value, axes?.list?.i?.map(Number) ?? []);
};

function reduced(isEvery: boolean): Op {
  return ([value, axes], node) =>
    value && axes && !readAttribute(node, 'keep_dims')?.b ? reduction(isEvery, value, axes) : undefined;
}

const toBool: Op = ([value]) => {
  const isTrue = value && truth(value);
  return isTrue === undefined ? undefined : new Tensor(DataType.bool, [], new Uint8Array([Number(isTrue)]));
};

/** Random ops, files and whatever else needs a runtime have no row. */
export const ops: ReadonlyMap<string, Op> = new Map<string, Op>([
  ['Const', (_, node) => readConstant(node)],
  ['Identity', same],
  ['StopGradient', same],
  ['Fill', fill],
  ['ZerosLike', zerosLike],
  ['OnesLike', ([like]) => like && ones(like)],
  ['Shape', shapeOf],
  ['Cast', unlessDenormal(([value], node: GraphNode) => value && cast(value, readType(node, 'DstT')))],
  ['Range', unlessDenormal(([start, limit, delta]) => start && limit && delta && range(start, limit, delta))],
  ['ConcatV2', concat],
  ['Pack', pack],
  ['Reshape', reshape],
  ['ExpandDims', expandDims],
  ['Add', unlessDenormal(arithmetic('add'))],
  ['AddV2', unlessDenormal(arithmetic('add'))],
  ['Sub', unlessDenormal(arithmetic('subtract'))],
  ['Mul', unlessDenormal(arithmetic('multiply'))],
  ['RealDiv', unlessDenormal(arithmetic('divide'))],
  ['Equal', unlessDenormal(comparison((order) => order === 0))],
  ['NotEqual', unlessDenormal(comparison((order) => order !== 0))],
  ['Less', unlessDenormal(comparison((order) => order < 0))],
  ['LessEqual', unlessDenormal(comparison((order) => order <= 0))],
  ['Greater', unlessDenormal(comparison((order) => order > 0))],
  ['GreaterEqual', unlessDenormal(comparison((order) => order >= 0))],
  ['LogicalAnd', logic((x, y) => x & y)],
  ['LogicalOr', logic((x, y) => x | y)],
  ['LogicalNot', ([value]) => value && logicalNot(value)],
  ['All', reduced(true)],
  ['Any', reduced(false)],
  ['Select', select],
  ['SelectV2', select],
  ['Squeeze', squeeze],
  ['ToBool', unlessDenormal(toBool)],
]);
