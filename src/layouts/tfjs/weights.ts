/**
 * The constants of a graph as the weights of TensorFlow.js: it has float32, int32, bool, complex64 and strings, and reads
 * float16 and unsigned integers of 8 and 16 bits as "quantised" forms of the first two.
 */
import { isUint8Array } from 'node:util/types';
import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import { PermafrostError } from '../../errors.js';
import { countOf, Tensor } from '../../evaluate/tensor.js';
import { rawContent, readConstant } from '../../evaluate/tensor-proto.js';
import { readAttribute, readType, shapeSizes } from '../../graph/attributes.js';
import type { GraphNode } from '../../graph/node.js';
import { type ConstantForm, constantForm } from '../../graph/shape.js';
import { type Conversion, StoredTensor } from '../../graph/stored-tensor.js';
import { beyond, limits } from '../../limits.js';
import { measure } from '../../plan/payload-sizes.js';
import type { TensorSegment } from '../../plan/plan.js';
import type { EncodedTensor } from '../../plan/tensor-columns.js';
import { contentEncoding } from '../../plan/tensor-form.js';
import { DataType, dataTypeName, elementSize } from '../../proto/data-types.js';
import { convertElements, joinStrings } from './convert-elements.js';

/** An entry of the manifest. https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: Quantization;
}

interface Quantization {
  readonly dtype: 'float16' | 'uint8' | 'uint16';
  readonly original_dtype: 'float32' | 'int32';
  /** A stored integer times `scale` plus `min` is the value. */
  readonly scale?: 1;
  readonly min?: 0;
}

export interface Weight {
  readonly spec: WeightSpec;
  readonly value: Uint8Array | TensorSegment;
}

interface WeightForm {
  readonly dtype: 'float32' | 'int32' | 'bool' | 'complex64' | 'string';
  readonly quantization?: Quantization;
}

const integer = { original_dtype: 'int32', scale: 1, min: 0 } as const;

/** By DataType number. What is missing, the loader has nothing for. */
const weightForms: Readonly<Record<number, WeightForm>> = {
  [DataType.float32]: { dtype: 'float32' },
  [DataType.float64]: { dtype: 'float32' },
  [DataType.int32]: { dtype: 'int32' },
  [DataType.uint8]: { dtype: 'int32', quantization: { dtype: 'uint8', ...integer } },
  [DataType.int8]: { dtype: 'int32' },
  [DataType.string]: { dtype: 'string' },
  [DataType.complex64]: { dtype: 'complex64' },
  [DataType.int64]: { dtype: 'int32' },
  [DataType.bool]: { dtype: 'bool' },
  [DataType.uint16]: { dtype: 'int32', quantization: { dtype: 'uint16', ...integer } },
  [DataType.complex128]: { dtype: 'complex64' },
  [DataType.float16]: { dtype: 'float32', quantization: { dtype: 'float16', original_dtype: 'float32' } },
};

/** DataType numbers of what the core converts while it copies. */
const conversions: Readonly<Record<number, Conversion>> = {
  [DataType.float64]: { type: 'float32' },
  [DataType.int64]: { type: 'int32' },
};

/** DataType numbers of what changes, and the core has no conversion for. */
const unconverted: ReadonlySet<number> = new Set([DataType.int8, DataType.complex128]);

/**
 * @param constants Const nodes.
 * @throws PermafrostError UNSUPPORTED for a type that TensorFlow.js does not have, a value that its type cannot hold, or
 * values that are too large to be filled in; GRAPH_MALFORMED for a value that is none; SHARD_MISSING, CHECKPOINT_MALFORMED
 * and READ_FAILED where a shard that is needed is not there or too short, and of strings CHECKSUM_MISMATCH too.
 */
export async function weightsOf(constants: readonly GraphNode[], checkpoint: Checkpoint): Promise<Weight[]> {
  refuseExpansions(constants);
  const values = await Promise.all(constants.map((node) => readValue(node, checkpoint)));
  const encoded = values.flatMap(({ value }) => (isUint8Array(value) ? [] : value));
  const sizes = await measure(encoded, checkpoint);
  const sizeOf = new Map(encoded.map((each, index) => [each, sizes[index] as number]));
  return values.map(({ spec, value }) => ({
    spec,
    value: isUint8Array(value) ? value : { ...value, size: sizeOf.get(value) as number },
  }));
}

interface Value {
  readonly spec: WeightSpec;
  readonly value: Uint8Array | EncodedTensor;
}

async function readValue(node: GraphNode, checkpoint: Checkpoint): Promise<Value> {
  const stored = node.attributes.get('value');
  const tensor = stored instanceof StoredTensor ? stored : (plainContent(node) ?? readConstant(node));
  const dtype = tensor?.dtype ?? readType(node, 'dtype');
  const form = weightForms[dtype];
  if (!form) throw unsupported(node, dtype);
  if (!tensor) throw unreadable(node);
  const spec = specOf(node, tensor.shape, form);
  if (!(tensor instanceof StoredTensor)) return { spec, value: convertElements(tensor, node) };
  if (tensor.dtype === DataType.string) return { spec, value: joinStrings(await checkpoint.strings(tensor)) };
  if (unconverted.has(tensor.dtype)) throw unconvertible(node, tensor.dtype);
  const conversion = conversions[tensor.dtype];
  const converted = conversion ? tensor.as(conversion) : tensor;
  return { spec, value: { tensor: converted, encoding: contentEncoding(converted) } };
}

function plainContent(node: GraphNode): Tensor | undefined {
  const content = rawContent(node);
  return content && new Tensor(content.dtype, content.shape, content.elements);
}

/** The most elements' bytes that one written byte gives where each element is written: a small number of 64 bits. */
const mostPerByte = 8;

/** A few bytes that stand for many are filled in, and all constants are held at once: a small file must not take all memory. */
function refuseExpansions(constants: readonly GraphNode[]): void {
  const most = limits().computedBytes;
  let filled = 0;
  for (const node of constants) {
    const bytes = filledBytes(node);
    filled += bytes;
    if (filled <= most) continue;
    throw beyond(
      'computedBytes',
      `The constant '${node.name}' is ${bytes} bytes of one repeated element, which TensorFlow.js needs written out. ` +
        `With other such constants that makes ${filled} bytes, and ${most} are filled in at most. ` +
        'Make them with Fill in the model, choose outputs that do without them, or another layout',
    );
  }
}

/** Bytes of a constant that repeats its last element; 0 where its elements are written, each in its place. */
function filledBytes(node: GraphNode): number {
  const bytes = node.attributes.get('value');
  if (!bytes || bytes instanceof StoredTensor) return 0;
  const { dtype, shape } = constantForm(node) ?? decodedForm(node);
  // An empty string takes some memory too, and what has 8 bits is written with 32.
  const each = dtype === DataType.int8 ? 4 : (elementSize(dtype) ?? mostPerByte);
  const size = countOf(shape) * each;
  return size > mostPerByte * bytes.length ? size : 0;
}

/** Of shapes that no constant should have. */
function decodedForm(node: GraphNode): ConstantForm {
  const { dtype = 0, tensor_shape: shape } = readAttribute(node, 'value')?.tensor ?? {};
  return { dtype, shape: shapeSizes(shape) };
}

function specOf({ name }: GraphNode, shape: readonly number[], { dtype, quantization }: WeightForm): WeightSpec {
  return { name, shape, dtype, ...(quantization ? { quantization } : {}) };
}

function unsupported({ name }: GraphNode, dtype: number): PermafrostError {
  return new PermafrostError(
    'UNSUPPORTED',
    `The constant '${name}' has type ${dataTypeName(dtype)}, and TensorFlow.js has no weights of that type` +
      `${dtype === DataType.bfloat16 ? '; float16 is the one small type of floats that it has' : ''}. ` +
      'Choose outputs that do without it, or another layout.',
  );
}

function unconvertible({ name }: GraphNode, dtype: number): PermafrostError {
  return new PermafrostError(
    'UNSUPPORTED',
    `The variable '${name}' has type ${dataTypeName(dtype)}, which this version cannot convert from a checkpoint to a type ` +
      'that TensorFlow.js has. Choose outputs that do without it, or another layout.',
  );
}

function unreadable({ name }: GraphNode): PermafrostError {
  return new PermafrostError(
    'GRAPH_MALFORMED',
    `The constant '${name}' has a value that does not fit its type and shape. ` +
      'The file may be cut off or damaged; export or copy it again.',
  );
}
