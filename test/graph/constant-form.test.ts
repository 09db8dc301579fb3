import { expect, it } from 'vitest';
import type { GraphNode } from '../../src/graph/node.js';
import { constantForm } from '../../src/graph/shape.js';
import { failure } from '../support/failure.js';
import { float, graphOf } from '../support/graph-def.js';

const constant = (attr: Readonly<Record<string, object>>): GraphNode =>
  graphOf([{ name: 'c', op: 'Const', attr }]).nodes[0] as GraphNode;
const tensor = (dims: readonly number[], more: object): GraphNode =>
  constant({ value: { tensor: { dtype: float, tensor_shape: { dim: dims.map((size) => ({ size })) }, ...more } } });

it('type and shape of a constant, however its elements stand there', () => {
  expect(constantForm(tensor([2, 3], { tensor_content: Buffer.alloc(24) }))).toEqual({ dtype: float, shape: [2, 3] });
  expect(constantForm(tensor([70_000, 300], { float_val: [1] }))).toEqual({ dtype: float, shape: [70_000, 300] });
  expect(constantForm(tensor([], { float_val: [1] }))).toEqual({ dtype: float, shape: [] });
});

it('none where there is no tensor, or none with such a shape', async () => {
  expect(constantForm(constant({}))).toBeUndefined();
  expect(constantForm(constant({ value: { f: 1 } }))).toBeUndefined();
  expect(constantForm(tensor([-1, -2], { float_val: [1] }))).toBeUndefined();
});

it('a value that is cut off is refused', async () => {
  const cut = constant({}).edit({ set: { value: Uint8Array.of(0x42, 9, 8, 1) } });
  const error = await failure(async () => void constantForm(cut));
  expect(error).toMatchObject({ code: 'GRAPH_MALFORMED' });
});
