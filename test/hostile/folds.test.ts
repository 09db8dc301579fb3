// Products and what scales them: weights, shapes and factors that very many ask for, or that a few bytes make very large.
import { describe } from 'vitest';
import { float, floatNode, graphDef, int32Type, type NodeLiteral, typeAttr } from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { type Attack, freezing, withstands } from './attack.js';
import { repeated } from './nodes.js';

function constant(name: string, dtype: number, sizes: readonly number[], values: object): NodeLiteral {
  const tensor_shape = { dim: sizes.map((size) => ({ size })) };
  return { name, op: 'Const', attr: { dtype: typeAttr(dtype), value: { tensor: { dtype, tensor_shape, ...values } } } };
}

const numbers = (count: number): object => ({ float_val: repeated(count, () => 1) });

/** That many products with a weight, and what stands behind each: its last node has the name. */
function products(
  count: number,
  nodes: readonly NodeLiteral[],
  behind: (name: string, product: string) => NodeLiteral[],
): Attack {
  const names = repeated(count, (at) => `p${at}`);
  const each = names.flatMap((name) => [
    floatNode('MatMul', `${name}/product`, 'x', 'weight'),
    ...behind(name, `${name}/product`),
  ]);
  const y = { name: 'y', op: 'AddN', input: ['x', 'w/read', ...names] };
  return freezing(graphDef([...smallNodes.slice(0, 3), ...nodes, ...each, y]), '--optimize');
}

/** Each times a number of its own. */
const scaled = (name: string, product: string): NodeLiteral[] => [
  constant(`${name}/scale`, float, [], { float_val: [1 + Number(name.slice(1))] }),
  floatNode('Mul', name, product, `${name}/scale`),
];

describe('products', () => {
  withstands({
    'whose weight has one number, and says 100,000': [
      undefined,
      () => products(3_600, [constant('weight', float, [1, 1], numbers(100_000))], scaled),
    ],
    'whose weight has 150,000 dimensions': [
      undefined,
      () => {
        const sizes = repeated(150_000, () => 1);
        return products(3_000, [constant('weight', float, sizes, numbers(1))], (name, product) => [
          floatNode('Mul', name, product, 'weight'),
        ]);
      },
    ],
    'that are given a shape of one size, which says 200,000': [
      undefined,
      () => {
        const sizes = constant('sizes', int32Type, [1], { int_val: repeated(200_000, () => 1) });
        return products(3_000, [constant('weight', float, [1, 1], numbers(1)), sizes], (name, product) => [
          floatNode('Reshape', name, product, 'sizes'),
        ]);
      },
    ],
    'of a million channels, times 200 numbers': [
      undefined,
      () => {
        const nodes = [constant('weight', float, [1, 2 ** 20], numbers(1)), constant('scale', float, [], numbers(1))];
        return products(40, nodes, (name, product) =>
          repeated(200, (at) => {
            const before = at === 0 ? product : `${name}/${at - 1}`;
            return floatNode('Mul', at === 199 ? name : `${name}/${at}`, before, 'scale');
          }),
        );
      },
    ],
  });
});
