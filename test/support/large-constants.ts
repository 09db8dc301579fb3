/** A model with constants of many sizes and types, for layouts that take the large ones out of the graph. */
import type { NodeLiteral, NodeView } from './graph-def.js';
import { identity, refVariable, typeAttr } from './graph-def.js';
import { type SmallModel, smallModel } from './model.js';
import type { TensorToWrite } from './write-bundle.mjs';

/** Bytes that differ from one another and from tensor to tensor. */
export function pattern(size: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 7 + seed * 31 + (index >> 8)) & 0xff));
}

/** A vector as a variable, and in the checkpoint. */
export interface Vector {
  readonly name: string;
  readonly dtype: number;
  readonly length: number;
  readonly bytes: Buffer;
}

/** All of them are needed by `y`, which reads them and no more. */
export function modelOf(vectors: readonly Vector[], more: readonly NodeLiteral[] = []): SmallModel {
  const variables = vectors.map(({ name, dtype, length }) => refVariable(name, dtype, length));
  const names = [...vectors.map(({ name }) => name), ...more.map(({ name }) => name)];
  const reads = names.map((name, index) => identity(`read_${index}`, name, vectors[index]?.dtype));
  const y: NodeLiteral = { name: 'y', op: 'NoOp', input: reads.map(({ name }) => `^${name}`) };
  const tensors: TensorToWrite[] = vectors.map(({ name, dtype, length, bytes }) => ({
    key: name,
    dtype,
    shape: [length],
    bytes,
  }));
  return smallModel([...variables, ...more, ...reads, y], tensors);
}

/** A constant whose tensor is given as an object. */
export function constant(name: string, dtype: number, tensor: object, more: Partial<NodeLiteral> = {}): NodeLiteral {
  return {
    name,
    op: 'Const',
    ...more,
    attr: { dtype: typeAttr(dtype), value: { tensor: { dtype, ...tensor } }, ...more.attr },
  };
}

/** What a mapped constant is mapped from. */
export function regionOf(node: NodeView | undefined): string {
  const { s } = (node?.attr.memory_region_name ?? {}) as { s?: Uint8Array };
  return Buffer.from(s ?? []).toString('utf8');
}
