/**
 * The constants of a graph as the weights of TensorFlow.js: it has float32, int32, bool, complex64 and strings, and reads
 * float16 and unsigned integers of 8 and 16 bits as "quantised" forms of the first two.
 */
import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import { PermafrostError } from '../../errors.js';
import { countOf, elementSize, maxBytes, stringType, Tensor } from '../../evaluate/tensor.js';
import { readConstant } from '../../evaluate/tensor-proto.js';
import { readAttribute, readType } from '../../graph/attributes.js';
import type { GraphNode } from '../../graph/node.js';
import { type Conversion, StoredTensor } from '../../graph/stored-tensor.js';
import { payloadSizes } from '../../native.js';
import type { TensorSegment } from '../../plan/plan.js';
import { type EncodedTensor, tensorColumns } from '../../plan/tensor-columns.js';
import { contentEncoding } from '../../plan/tensor-form.js';
import { dataTypeName } from '../../proto/data-types.js';
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
  1: { dtype: 'float32' },
  2: { dtype: 'float32' }, // float64
  3: { dtype: 'int32' },
  4: { dtype: 'int32', quantization: { dtype: 'uint8', ...integer } }, // uint8
  6: { dtype: 'int32' }, // int8
  7: { dtype: 'string' },
  8: { dtype: 'complex64' },
  9: { dtype: 'int32' }, // int64
  10: { dtype: 'bool' },
  17: { dtype: 'int32', quantization: { dtype: 'uint16', ...integer } }, // uint16
  18: { dtype: 'complex64' }, // complex128
  19: { dtype: 'float32', quantization: { dtype: 'float16', original_dtype: 'float32' } }, // float16
};

/** DataType numbers of what the core converts while it copies. */
const conversions: Readonly<Record<number, Conversion>> = { 2: { type: 'float32' }, 9: { type: 'int32' } };

/** DataType numbers of what changes, and the core has no conversion for. */
const unconverted: ReadonlySet<number> = new Set([6, 18]);

/**
 * @param constants Const nodes.
 * @throws PermafrostError UNSUPPORTED for a type that TensorFlow.js does not have, or a value that its type cannot hold;
 * GRAPH_MALFORMED for a value that is none; what `measurePayloads` throws, and of strings what reading them does.
 */
export async function weightsOf(constants: readonly GraphNode[], checkpoint: Checkpoint): Promise<Weight[]> {
  const values = await Promise.all(constants.map((node) => readValue(node, checkpoint)));
  const encoded = values.flatMap(({ value }) => (value instanceof Uint8Array ? [] : value));
  const sizes = await payloadSizes(checkpoint.native, tensorColumns(encoded));
  const sizeOf = new Map(encoded.map((each, index) => [each, sizes[index] as number]));
  return values.map(({ spec, value }) => ({
    spec,
    value: value instanceof Uint8Array ? value : { ...value, size: sizeOf.get(value) as number },
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
  if (tensor.dtype === stringType) return { spec, value: joinStrings(await checkpoint.strings(tensor)) };
  if (unconverted.has(tensor.dtype)) throw unsupported(node, tensor.dtype);
  const conversion = conversions[tensor.dtype];
  const converted = conversion ? tensor.as(conversion) : tensor;
  return { spec, value: { tensor: converted, encoding: contentEncoding(converted) } };
}

/** A value that stands there as it is, which may be of any size. */
function plainContent(node: GraphNode): Tensor | undefined {
  const { dtype = 0, tensor_shape: shape, tensor_content: content } = readAttribute(node, 'value')?.tensor ?? {};
  if (!content || content.length === 0) return undefined;
  const sizes = (shape?.dim ?? []).map(({ size }) => size?.toNumber() ?? 0);
  return countOf(sizes) * (elementSize(dtype) ?? 0) === content.length ? new Tensor(dtype, sizes, content) : undefined;
}

function specOf({ name }: GraphNode, shape: readonly number[], { dtype, quantization }: WeightForm): WeightSpec {
  return { name, shape, dtype, ...(quantization ? { quantization } : {}) };
}

function unsupported({ name }: GraphNode, dtype: number): PermafrostError {
  return new PermafrostError(
    'UNSUPPORTED',
    `The constant '${name}' has type ${dataTypeName(dtype)}, and TensorFlow.js has no weights of that type` +
      `${dtype === 6 || dtype === 14 ? '; float16 is the one small type of floats that it has' : ''}. ` +
      'Choose outputs that do without it, or another layout.',
  );
}

function unreadable({ name }: GraphNode): PermafrostError {
  return new PermafrostError(
    'GRAPH_MALFORMED',
    `The constant '${name}' has a value that does not fit its type and shape, or that stands for more than ${maxBytes} ` +
      'bytes with a few. The file may be cut off or damaged; export or copy it again.',
  );
}
