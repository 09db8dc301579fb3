/** Tensors of constants: from a TensorProto, and to the one that TensorFlow's `make_tensor_proto` makes. */
import { isUint8Array } from 'node:util/types';
import { PermafrostError } from '../errors.js';
import { readAttribute, shapeSizes } from '../graph/attributes.js';
import type { GraphNode } from '../graph/node.js';
import { limits } from '../limits.js';
import { tensorForm } from '../plan/tensor-form.js';
import { DataType, elementSize } from '../proto/data-types.js';
import { messageType, type TensorProto } from '../proto/types.js';
import { countOf, numbersOf, stringSize, Tensor } from './tensor.js';

/** The fields of a TensorProto that hold elements one by one, by number. */
const valueFields: Readonly<Record<number, keyof TensorProto>> = {
  5: 'float_val',
  6: 'double_val',
  7: 'int_val',
  8: 'string_val',
  9: 'scomplex_val',
  10: 'int64_val',
  11: 'bool_val',
  12: 'dcomplex_val',
  13: 'half_val',
  16: 'uint32_val',
  17: 'uint64_val',
  18: 'float8_val',
};

const contentField = 4;
/** Bytes too, for one element as for many. */
const float8Field = 18;

/** The field for a single element of a type: in a TensorProto of more, elements may stand there too. */
function fieldOf(dtype: number): keyof TensorProto | undefined {
  return valueFields[tensorForm({ key: '', dtype, elementCount: 1 })?.field ?? 0];
}

/** Elements as they stand in memory, back to back. */
export interface RawContent {
  /** DataType number. */
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly elements: Uint8Array;
}

/**
 * A tensor whose bytes stand in its `tensor_content`, which are not copied and may be of any size.
 * @returns undefined where there are none, or not as many as type and shape make.
 * @throws PermafrostError GRAPH_MALFORMED for a shape with negative sizes: two of them would make a size.
 */
export function rawContent(node: GraphNode): RawContent | undefined {
  const { dtype = 0, tensor_shape: sizes, tensor_content: elements } = readAttribute(node, 'value')?.tensor ?? {};
  if (!elements || elements.length === 0) return undefined;
  const shape = shapeSizes(sizes);
  if (shape.some((size) => size < 0)) {
    throw new PermafrostError(
      'GRAPH_MALFORMED',
      `The constant '${node.name}' has a value of shape [${shape.join(', ')}], and no size can be negative. ` +
        'The file may be damaged; export or copy it again.',
    );
  }
  return countOf(shape) * (elementSize(dtype) ?? 0) === elements.length ? { dtype, shape, elements } : undefined;
}

/** @returns undefined for a type that is not known here, or a tensor that is too large or damaged. */
export function readConstant(node: GraphNode): Tensor | undefined {
  const proto = readAttribute(node, 'value')?.tensor;
  return proto && readTensor(proto, shapeSizes(proto.tensor_shape));
}

/** Whether all elements of a constant are zeros: a few may stand for very many, which are not made for this. */
export function holdsZeros(node: GraphNode): boolean {
  const proto = readAttribute(node, 'value')?.tensor;
  const shape = shapeSizes(proto?.tensor_shape);
  const size = elementSize(proto?.dtype ?? 0);
  const count = countOf(shape);
  if (!proto || size === undefined || count * size > limits().computedBytes) return false;
  const field = fieldOf(proto.dtype ?? 0);
  const given = (field ? proto[field] : undefined) as { readonly length: number } | undefined;
  const isWhole = (proto.tensor_content?.length ?? 0) > 0 || shape.some((each) => each < 0);
  const elements = readTensor(proto, isWhole ? shape : [Math.min(count, given?.length ?? 0)])?.elements;
  return isUint8Array(elements) && elements.every((byte) => byte === 0);
}

function readTensor(proto: TensorProto, shape: readonly number[]): Tensor | undefined {
  const { dtype = 0 } = proto;
  if (shape.some((size) => size < 0)) return undefined;
  const count = countOf(shape);
  if (dtype === DataType.string) {
    // An empty string takes some memory too.
    return count * stringSize > limits().computedBytes
      ? undefined
      : new Tensor(dtype, shape, strings(proto.string_val ?? [], count));
  }
  const size = elementSize(dtype);
  if (size === undefined || count * size > limits().computedBytes) return undefined;
  const bytes = new Uint8Array(count * size);
  const content = proto.tensor_content;
  if (content && content.length > 0) {
    if (content.length !== bytes.length) return undefined;
    bytes.set(content);
  } else fill(bytes, dtype, size, proto);
  return new Tensor(dtype, shape, bytes);
}

/** The last element stands for all that follow; without any, they are empty. */
function strings(values: readonly Uint8Array[], count: number): Uint8Array[] {
  const empty = new Uint8Array(0);
  return Array.from({ length: count }, (_, index) => values[Math.min(index, values.length - 1)] ?? empty);
}

/** Puts the elements of the type's own field into place, the last one into all places that are left. */
function fill(bytes: Uint8Array, dtype: number, size: number, proto: TensorProto): void {
  const field = fieldOf(dtype);
  const values = (field ? proto[field] : undefined) as readonly unknown[] | undefined;
  if (!values || values.length === 0) return;
  const view = new DataView(bytes.buffer);
  const step = dtype === DataType.complex64 || dtype === DataType.complex128 ? size / 2 : size;
  const given = Math.min(values.length, bytes.length / step);
  for (let index = 0; index < given; index++) put(view, index * step, dtype, values[index]);
  repeat(bytes, Math.max(given * step - size, 0), size);
}

/** Repeats the element that stands at `start` up to the end; what is copied doubles every time. */
export function repeat(bytes: Uint8Array, start: number, size: number): void {
  for (let done = size; start + done < bytes.length; done *= 2) {
    bytes.copyWithin(start + done, start, Math.min(start + done, bytes.length));
  }
}

function put(view: DataView, offset: number, dtype: number, value: unknown): void {
  const number = Number(value);
  if (dtype === DataType.float32 || dtype === DataType.complex64) view.setFloat32(offset, number, true);
  else if (dtype === DataType.float64 || dtype === DataType.complex128) view.setFloat64(offset, number, true);
  else if (dtype === DataType.int64 || dtype === DataType.uint64) view.setBigInt64(offset, BigInt(String(value)), true);
  else if (elementSize(dtype) === 4) view.setInt32(offset, number, true);
  else if (elementSize(dtype) === 2) view.setInt16(offset, number, true);
  else view.setInt8(offset, number);
}

/** The AttrValue of a constant's `value`. */
export function encodeConstant({ dtype, shape, elements, elementCount }: Tensor): Uint8Array {
  const form = tensorForm({ key: 'value', dtype, elementCount });
  const tensor: Record<string, unknown> = { dtype, tensor_shape: { dim: shape.map((size) => ({ size })) } };
  if (form?.field === contentField) tensor.tensor_content = elements;
  else if (form?.field === float8Field) tensor.float8_val = elements;
  else if (form) tensor[valueFields[form.field] as string] = valuesOf(dtype, elements);
  const type = messageType('AttrValue');
  return type.encode(type.fromObject({ tensor })).finish();
}

/** Halves travel as their bits, complex numbers as pairs, quantized ones and those below eight bits as the integers they are. */
const writtenAs: Readonly<Record<number, number>> = {
  [DataType.complex64]: DataType.float32,
  [DataType.complex128]: DataType.float64,
  [DataType.float16]: DataType.uint16,
  [DataType.bfloat16]: DataType.uint16,
  [DataType.qint8]: DataType.int8,
  [DataType.quint8]: DataType.uint8,
  [DataType.qint16]: DataType.int16,
  [DataType.quint16]: DataType.uint16,
  [DataType.qint32]: DataType.int32,
  [DataType.int4]: DataType.int8,
  [DataType.int2]: DataType.int8,
  [DataType.uint4]: DataType.uint8,
  [DataType.uint2]: DataType.uint8,
};

function valuesOf(dtype: number, elements: Uint8Array | readonly Uint8Array[]): unknown[] {
  if (!isUint8Array(elements)) return [...elements];
  const numbers: Iterable<number | bigint> = numbersOf(writtenAs[dtype] ?? dtype, elements) ?? [];
  return Array.from(numbers, (value) => (typeof value === 'bigint' ? String(value) : value));
}
