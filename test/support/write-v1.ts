/** Writes a V1 checkpoint from scratch, by docs/formats.md and not by the code under test. */
import { writeFileSync } from 'node:fs';
import { field, message, type TensorToWrite, table, varint } from './write-bundle.mjs';

/** Where TensorProto has the values of a type that are written as they lie: float32, float64. */
const valueFields: Readonly<Record<number, number>> = { 1: 5, 2: 6 };

/** @param tensors of types whose values are no varints; each is one slice, the whole. */
export function writeV1(path: string, tensors: readonly TensorToWrite[]): void {
  const number = (id: number, value: number): Buffer => Buffer.concat([field(id, 0), varint(value)]);
  const named = tensors.map((tensor) => ({ ...tensor, name: Buffer.from(tensor.key) }));
  const list = named.map(({ name, dtype, shape }) => {
    const dims = Buffer.concat(shape.map((size) => message(2, number(1, size))));
    return message(1, Buffer.concat([message(1, name), message(2, dims), number(3, dtype), message(4, slice(shape))]));
  });
  const records = named.map(({ name, dtype, shape, bytes }) => {
    const proto = message(valueFields[dtype] as number, bytes);
    const saved = Buffer.concat([message(1, name), message(2, slice(shape)), message(3, proto)]);
    return { key: sliceKey(name, shape.length), value: message(2, saved) };
  });
  records.sort((a, b) => Buffer.compare(a.key, b.key));
  writeFileSync(path, table([{ key: Buffer.alloc(0), value: message(1, Buffer.concat(list)) }, ...records]));
}

/** The TensorSliceProto of a whole tensor. */
function slice(shape: readonly number[]): Buffer {
  return Buffer.concat(shape.map(() => message(1, Buffer.alloc(0))));
}

/** Of names without bytes 00 and ff: zero, the name, the rank, and for each dimension 0 and -1. */
function sliceKey(name: Buffer, rank: number): Buffer {
  const ranks = rank === 0 ? [0] : [1, rank];
  return Buffer.from([0, ...name, 0, 1, ...ranks, ...Array.from({ length: rank }, () => [0x80, 0x7f]).flat()]);
}
