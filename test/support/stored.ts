/** Tensors of a checkpoint that nobody opened, for passes that look at everything but the bytes. */
import type { Graph } from '../../src/graph/graph.js';
import { StoredTensor } from '../../src/graph/stored-tensor.js';
import { float } from './graph-def.js';

export function stored(key: string, row = 0, shape: readonly number[] = [2], dtype: number = float): StoredTensor {
  const bytes = 4 * shape.reduce((count, size) => count * size, 1);
  return new StoredTensor(key, row, dtype, shape, bytes);
}

/** The values of these variables, by name. */
export function values(...names: string[]): Map<string, StoredTensor> {
  return new Map(names.map((name, row) => [name, stored(name, row)]));
}

/** Each node as one line: `name = Op(inputs)`. */
export function lines(graph: Graph): string[] {
  return graph.nodes.map(({ name, op, inputs }) => `${name} = ${op}(${inputs.join(', ')})`);
}
