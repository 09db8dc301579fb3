/** TensorFlow's element types: DataType numbers by the names that Python users know. */
export const DataType = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  int16: 5,
  int8: 6,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  qint8: 11,
  quint8: 12,
  qint32: 13,
  bfloat16: 14,
  qint16: 15,
  quint16: 16,
  uint16: 17,
  complex128: 18,
  float16: 19,
  resource: 20,
  variant: 21,
  uint32: 22,
  uint64: 23,
  float8_e5m2: 24,
  float8_e4m3fn: 25,
  float8_e4m3fnuz: 26,
  float8_e4m3b11fnuz: 27,
  float8_e5m2fnuz: 28,
  int4: 29,
  uint4: 30,
  int2: 31,
  uint2: 32,
  float4_e2m1fn: 33,
} as const;

/** What TensorFlow's Python calls a type. */
export type DataTypeName = keyof typeof DataType;

/** Types of real numbers with a point. */
export const floatTypes: ReadonlySet<number> = new Set([
  DataType.float16,
  DataType.bfloat16,
  DataType.float32,
  DataType.float64,
]);

const names: ReadonlyMap<number, string> = new Map(Object.entries(DataType).map(([name, dtype]) => [dtype, name]));

/** What the number of a reference type is above that of its type; all of them are above this. */
export const referenceOffset = 100;

/** For messages. */
export function dataTypeName(dtype: number): string {
  if (dtype > referenceOffset && dtype <= 2 * referenceOffset) return `${dataTypeName(dtype - referenceOffset)}_ref`;
  return names.get(dtype) ?? `type ${dtype}`;
}

/** As `dataTypeName`, of a type that a value can have (`isDataType`). */
export function valueTypeName(dtype: number): DataTypeName {
  return dataTypeName(dtype) as DataTypeName;
}

/** The reverse; 0 (DT_INVALID) for what is no type's name. */
export function dataTypeNumber(name: string): number {
  return Object.hasOwn(DataType, name) ? DataType[name as DataTypeName] : 0;
}

/** Whether a value can have this type: references and numbers that TensorFlow 2.21 does not know are none. */
export function isDataType(dtype: number): boolean {
  return names.has(dtype);
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
