/** What a model's exporter called its inputs and outputs, and which tensors of the graph they are. */
import { shapeSizes } from '../graph/attributes.js';
import { DataType, dataTypeName } from '../proto/data-types.js';
import type { SignatureDef, TensorInfo, TensorShapeProto } from '../proto/messages.js';
import { messageType } from '../proto/types.js';

export interface SignatureTensor {
  /** As callers know it. */
  readonly name: string;
  /**
   * Empty for a plain tensor. Of a sparse one: `values`, `indices` or `dense_shape`. Of a composite one: the number of
   * the component, as in `0`; `1.values` for a sparse component.
   */
  readonly part: string;
  /** In the graph, as in `dense/Softmax:0`. */
  readonly tensor: string;
  /** As in TensorFlow's Python: `float32`, `string`… */
  readonly dtype: string;
  /** -1 for a size that is open; undefined where the rank is open too. */
  readonly shape: readonly number[] | undefined;
}

export interface Signature {
  readonly name: string;
  readonly inputs: readonly SignatureTensor[];
  readonly outputs: readonly SignatureTensor[];
  /** The SignatureDef, which has more than this says. */
  readonly encoded: Uint8Array;
}

/** @throws RangeError where the bytes are no SignatureDef. */
export function signatureOf(name: string, encoded: Uint8Array): Signature {
  const { inputs, outputs } = messageType('SignatureDef').decode(encoded) as SignatureDef;
  return { name, inputs: tensorsOf(inputs), outputs: tensorsOf(outputs), encoded };
}

function tensorsOf(infos: Readonly<Record<string, TensorInfo>> = {}): SignatureTensor[] {
  const names = Object.keys(infos).sort();
  return names.flatMap((name) => partsOf(name, '', infos[name] as TensorInfo));
}

function partsOf(name: string, path: string, info: TensorInfo): SignatureTensor[] {
  const { coo_sparse: sparse, composite_tensor: composite, dtype = 0 } = info;
  const under = (part: string | number): string => (path === '' ? `${part}` : `${path}.${part}`);
  if (composite) {
    return (composite.components ?? []).flatMap((component, index) => partsOf(name, under(index), component));
  }
  const shape = sizesOf(info.tensor_shape);
  if (!sparse) return [{ name, part: path, tensor: info.name ?? '', dtype: dataTypeName(dtype), shape }];
  const rank = shape?.length ?? -1;
  const part = (of: string, tensor = '', type: number, sizes: number[]): SignatureTensor => ({
    name,
    part: under(of),
    tensor,
    dtype: dataTypeName(type),
    shape: sizes,
  });
  return [
    part('values', sparse.values_tensor_name, dtype, [-1]),
    part('indices', sparse.indices_tensor_name, DataType.int64, [-1, rank]),
    part('dense_shape', sparse.dense_shape_tensor_name, DataType.int64, [rank]),
  ];
}

function sizesOf(shape: TensorShapeProto | undefined): number[] | undefined {
  if (!shape || shape.unknown_rank) return undefined;
  return shapeSizes(shape);
}
