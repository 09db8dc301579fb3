import { expect, it } from 'vitest';
import type { StoredTensor } from '../../src/graph/stored-tensor.js';
import { mergeConstants } from '../../src/optimize/merge-constants.js';
import { float, floatNode, int64Type, type NodeLiteral, stringsAttr, typeAttr } from '../support/graph-def.js';
import { integers, optimized } from '../support/optimized.js';
import { lines, stored } from '../support/stored.js';

const a = integers('a', 1, 2);
const b = integers('b', 1, 2);

it('constants of one value are one', async () => {
  const { graph, changed } = await optimized(mergeConstants, [a, b, floatNode('AddV2', 'y', 'a', 'b:0')]);
  expect(lines(graph)).toEqual(['a = Const()', 'y = AddV2(a, a)']);
  expect(changed).toEqual(['b']);
});

const long = { dtype: int64Type, tensor_shape: { dim: [{ size: 2 }] }, int64_val: [1, 2] };

it.each<[string, readonly NodeLiteral[]]>([
  ['have other values', [a, integers('b', 1, 3), floatNode('AddV2', 'y', 'a', 'b')]],
  [
    'have another type',
    [a, { ...b, attr: { dtype: typeAttr(int64Type), value: { tensor: long } } }, floatNode('AddV2', 'y', 'a', 'b')],
  ],
  ['are on other devices', [a, { ...b, device: '/device:GPU:0' }, floatNode('AddV2', 'y', 'a', 'b')]],
  ['belong to a branch', [a, { ...b, input: ['^a'] }, floatNode('AddV2', 'y', 'a', 'b')]],
  ['others wait for', [a, b, floatNode('AddV2', 'y', 'a', 'b', '^b')]],
  [
    'others are colocated with',
    [a, b, { ...floatNode('AddV2', 'y', 'a', 'b'), attr: { T: typeAttr(float), _class: stringsAttr('loc:@b') } }],
  ],
])('they stay two that %s', async (_, nodes) => {
  const { graph, changed } = await optimized(mergeConstants, nodes);
  expect(graph.nodes.map(({ name }) => name)).toEqual(['a', 'b', 'y']);
  expect(changed).toEqual([]);
});

it('an output keeps its name', async () => {
  const { changed } = await optimized(mergeConstants, [a, { ...b, name: 'y' }]);
  expect(changed).toEqual([]);
});

it('tensors of one key are one unless they were scaled otherwise', async () => {
  const by = (...factors: number[]): StoredTensor =>
    stored('w').times({ factors: Float64Array.from(factors), channels: { count: 2, run: 1, block: 2 } });
  const outcome = async (tensor: StoredTensor, value: StoredTensor): Promise<readonly string[]> => {
    const { changed } = await optimized(
      (graph, optimizing) =>
        mergeConstants(
          graph.mapNodes((node) => {
            if (node.op !== 'Const') return node;
            return node.edit({ set: { value: node.name === 'a' ? tensor : value } });
          }),
          optimizing,
        ),
      [a, b, floatNode('AddV2', 'y', 'a', 'b')],
    );
    return changed;
  };
  expect(await outcome(stored('w'), stored('w'))).toEqual(['b']);
  expect(await outcome(stored('w'), by(2, 3))).toEqual([]);
  expect(await outcome(by(2, 3), by(2, 3))).toEqual(['b']);
  expect(await outcome(by(2, 3), by(3, 2))).toEqual([]);
});
