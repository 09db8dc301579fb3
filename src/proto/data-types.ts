/** TensorFlow's element types: the names that Python users know, by DataType number. */
const names: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'float64',
  3: 'int32',
  4: 'uint8',
  5: 'int16',
  6: 'int8',
  7: 'string',
  8: 'complex64',
  9: 'int64',
  10: 'bool',
  11: 'qint8',
  12: 'quint8',
  13: 'qint32',
  14: 'bfloat16',
  15: 'qint16',
  16: 'quint16',
  17: 'uint16',
  18: 'complex128',
  19: 'float16',
  20: 'resource',
  21: 'variant',
  22: 'uint32',
  23: 'uint64',
  24: 'float8_e5m2',
  25: 'float8_e4m3fn',
  26: 'float8_e4m3fnuz',
  27: 'float8_e4m3b11fnuz',
  28: 'float8_e5m2fnuz',
  29: 'int4',
  30: 'uint4',
  31: 'int2',
  32: 'uint2',
  33: 'float4_e2m1fn',
};

/** For messages. Reference types have their own numbers, 100 above. */
export function dataTypeName(dtype: number): string {
  if (dtype > 100 && dtype <= 200) return `${dataTypeName(dtype - 100)}_ref`;
  return names[dtype] ?? `type ${dtype}`;
}

/** The reverse; 0 (DT_INVALID) for what is no type's name. */
export function dataTypeNumber(name: string): number {
  return Number(Object.entries(names).find(([, each]) => each === name)?.[0] ?? 0);
}

/** Whether a value can have this type: references and numbers that TensorFlow 2.21 does not know are none. */
export function isDataType(dtype: number): boolean {
  return Object.hasOwn(names, dtype);
}

/** Bytes of one element in `tensor_content`, also of the types below eight bits. */
const sizes: readonly { readonly size: number; readonly types: readonly number[] }[] = [
  { size: 1, types: [4, 6, 10, 11, 12, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33] },
  { size: 2, types: [5, 14, 15, 16, 17, 19] },
  { size: 4, types: [1, 3, 13, 22] },
  { size: 8, types: [2, 8, 9, 23] },
  { size: 16, types: [18] },
];
const sizeByType: ReadonlyMap<number, number> = new Map(
  sizes.flatMap(({ size, types }) => types.map((type): [number, number] => [type, size])),
);

/** Bytes of one element; undefined for types whose elements differ in size (string) or have none (resource, variant). */
export function elementSize(dtype: number): number | undefined {
  return sizeByType.get(dtype);
}
