/**
 * The constants of a graph as the weights of TensorFlow.js: it has float32, int32, bool, complex64 and strings, and reads
 * float16 and unsigned integers of 8 and 16 bits as "quantised" forms of the first two.
 */
import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import { PermafrostError } from '../../errors.js';
import { readConstant } from '../../evaluate/tensor-proto.js';
import type { GraphNode } from '../../graph/node.js';
import { StoredTensor } from '../../graph/stored-tensor.js';
import { PayloadEncoding, payloadSizes } from '../../native.js';
import type { TensorSegment } from '../../plan/plan.js';
import { type EncodedTensor, tensorColumns } from '../../plan/tensor-columns.js';
import { dataTypeName } from '../../proto/data-types.js';
import { convertElements } from './convert-elements.js';

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

interface WeightOf<Value> {
  readonly spec: WeightSpec;
  /** DataType number of the constant. */
  readonly type: number;
  readonly value: Value;
}

export type Weight = WeightOf<Uint8Array | TensorSegment>;

interface WeightForm {
  readonly dtype: 'float32' | 'int32' | 'bool' | 'complex64' | 'string';
  readonly quantization?: Quantization;
  /** Whether the elements change; else they go as they are. */
  readonly converted?: true;
}

const integer = { original_dtype: 'int32', scale: 1, min: 0 } as const;

/** By DataType number. What is missing, the loader has nothing for. */
const weightForms: Readonly<Record<number, WeightForm>> = {
  1: { dtype: 'float32' },
  2: { dtype: 'float32', converted: true }, // float64
  3: { dtype: 'int32' },
  4: { dtype: 'int32', quantization: { dtype: 'uint8', ...integer } }, // uint8
  6: { dtype: 'int32', converted: true }, // int8
  7: { dtype: 'string', converted: true },
  8: { dtype: 'complex64' },
  9: { dtype: 'int32', converted: true }, // int64
  10: { dtype: 'bool' },
  17: { dtype: 'int32', quantization: { dtype: 'uint16', ...integer } }, // uint16
  18: { dtype: 'complex64', converted: true }, // complex128
  19: { dtype: 'float32', quantization: { dtype: 'float16', original_dtype: 'float32' } }, // float16
};

/**
 * @param constants Const nodes.
 * @throws PermafrostError UNSUPPORTED for a type that TensorFlow.js does not have, or a value that its type cannot hold;
 * what `payloadSizes` throws.
 */
export async function weightsOf(constants: readonly GraphNode[], checkpoint: Checkpoint): Promise<Weight[]> {
  const encoded = constants.map((node): WeightOf<Uint8Array | EncodedTensor> => {
    const value = node.attributes.get('value');
    return value instanceof StoredTensor ? stored(node, value) : literal(node);
  });
  const tensors = encoded.flatMap(({ value }) => (value instanceof Uint8Array ? [] : value));
  const sizes = await payloadSizes(checkpoint.native, tensorColumns(tensors));
  const sizeOf = new Map(tensors.map((each, index) => [each, sizes[index] as number]));
  return encoded.map(({ value, ...rest }) => ({
    ...rest,
    value: value instanceof Uint8Array ? value : { ...value, size: sizeOf.get(value) as number },
  }));
}

function stored(node: GraphNode, tensor: StoredTensor): WeightOf<EncodedTensor> {
  const form = formOf(node, tensor.dtype);
  if (form.converted) throw unsupported(node, tensor.dtype);
  const value = { tensor, encoding: PayloadEncoding.raw };
  return { spec: specOf(node, tensor.shape, form), type: tensor.dtype, value };
}

function literal(node: GraphNode): WeightOf<Uint8Array> {
  const tensor = readConstant(node);
  if (!tensor) throw unsupported(node, 0);
  const form = formOf(node, tensor.dtype);
  const value = convertElements(tensor, node);
  return { spec: specOf(node, tensor.shape, form), type: tensor.dtype, value };
}

function formOf(node: GraphNode, dtype: number): WeightForm {
  const form = weightForms[dtype];
  if (!form) throw unsupported(node, dtype);
  return form;
}

function specOf({ name }: GraphNode, shape: readonly number[], { dtype, quantization }: WeightForm): WeightSpec {
  return { name, shape, dtype, ...(quantization ? { quantization } : {}) };
}

function unsupported({ name }: GraphNode, dtype: number): PermafrostError {
  return new PermafrostError(
    'UNSUPPORTED',
    `The constant '${name}' has type ${dataTypeName(dtype)}, and TensorFlow.js has no weights of that type. ` +
      'Choose outputs that do without it, or another layout.',
  );
}
