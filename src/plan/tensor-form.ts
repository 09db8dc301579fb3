/** Where TensorFlow's `make_tensor_proto` (2.21) puts the values of a tensor in a TensorProto, by its type. */
import { PermafrostError } from '../errors.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { PayloadEncoding } from '../native.js';
import { dataTypeName } from '../proto/data-types.js';

/** Where the values of one tensor go. */
export interface TensorForm {
  /** Field number in TensorProto. */
  readonly field: number;
  readonly encoding: PayloadEncoding;
}

interface TypeForm extends TensorForm {
  /** Whether two and more elements go to `tensor_content` as raw bytes instead. */
  readonly content: boolean;
}

const { raw, bool, varint, strings } = PayloadEncoding;

/** By DataType number: the type's own repeated field. Types that are missing (resource, variant) make no constants. */
const typeForms: Readonly<Record<number, TypeForm>> = {
  1: { content: true, field: 5, encoding: raw }, // float32
  2: { content: true, field: 6, encoding: raw }, // float64
  3: { content: true, field: 7, encoding: varint }, // int32
  4: { content: true, field: 7, encoding: varint }, // uint8
  5: { content: true, field: 7, encoding: varint }, // int16
  6: { content: true, field: 7, encoding: varint }, // int8
  7: { content: false, field: 8, encoding: strings }, // string
  8: { content: false, field: 9, encoding: raw }, // complex64
  9: { content: true, field: 10, encoding: varint }, // int64
  10: { content: false, field: 11, encoding: bool }, // bool
  11: { content: true, field: 7, encoding: varint }, // qint8
  12: { content: true, field: 7, encoding: varint }, // quint8
  13: { content: true, field: 7, encoding: varint }, // qint32
  14: { content: true, field: 13, encoding: varint }, // bfloat16
  15: { content: true, field: 7, encoding: varint }, // qint16
  16: { content: true, field: 7, encoding: varint }, // quint16
  17: { content: false, field: 7, encoding: varint }, // uint16
  18: { content: false, field: 12, encoding: raw }, // complex128
  19: { content: true, field: 13, encoding: varint }, // float16
  22: { content: true, field: 16, encoding: varint }, // uint32
  23: { content: true, field: 17, encoding: varint }, // uint64
  24: { content: true, field: 18, encoding: raw }, // float8_e5m2
  25: { content: true, field: 18, encoding: raw }, // float8_e4m3fn
  26: { content: true, field: 18, encoding: raw }, // float8_e4m3fnuz
  27: { content: true, field: 18, encoding: raw }, // float8_e4m3b11fnuz
  28: { content: true, field: 18, encoding: raw }, // float8_e5m2fnuz
  29: { content: false, field: 7, encoding: varint }, // int4
  30: { content: false, field: 7, encoding: varint }, // uint4
  31: { content: false, field: 7, encoding: varint }, // int2
  32: { content: false, field: 7, encoding: varint }, // uint2
  33: { content: true, field: 18, encoding: raw }, // float4_e2m1fn
};

const contentField = 4;
const content: TensorForm = { field: contentField, encoding: raw };

/** The type's own repeated field; undefined for types that make no constants of a checkpoint. */
export function valueField(dtype: number): TensorForm | undefined {
  return typeForms[dtype];
}

/** How the elements of a tensor become bytes without a TensorProto around them: little-endian, as `tensor_content` has them. */
export function contentEncoding(tensor: Pick<StoredTensor, 'converted'>): PayloadEncoding {
  return tensor.converted ? PayloadEncoding[tensor.converted.by.type] : raw;
}

/**
 * Two and more elements of most types are `tensor_content`; anything else is the type's own repeated field.
 * Converted elements are `tensor_content` in any number: TensorFlow makes no such tensors, and reads them.
 * @returns undefined for a tensor without elements, which has no payload at all.
 * @throws PermafrostError UNSUPPORTED for a type that no constant can have.
 */
export function tensorForm(
  tensor: Pick<StoredTensor, 'key' | 'dtype' | 'elementCount' | 'converted'>,
): TensorForm | undefined {
  const form = typeForms[tensor.dtype];
  if (!form) {
    throw new PermafrostError(
      'UNSUPPORTED',
      `The tensor '${tensor.key}' of the checkpoint has type ${dataTypeName(tensor.dtype)}, and a constant cannot have that type. ` +
        'Choose outputs that do without it, or put it on the deny list.',
    );
  }
  if (tensor.elementCount === 0) return undefined;
  if (tensor.converted) return { field: contentField, encoding: contentEncoding(tensor) };
  return form.content && tensor.elementCount > 1 ? content : form;
}
