// Nodes that very many others ask something of, and ways that very many go.
import { describe } from 'vitest';
import {
  boolType,
  float,
  floatNode,
  graphDef,
  int32Type,
  intAttr,
  type NodeLiteral,
  placeholder,
  refVariable,
  stringType,
  typeAttr,
} from '../support/graph-def.js';
import type { TensorToWrite } from '../support/write-bundle.mjs';
import { type Attack, freezing, withstands } from './attack.js';
import { head, node, repeated } from './nodes.js';

/** Takes the same so often. */
const wide = (op: string, name: string, count: number, input: string): NodeLiteral => ({
  name,
  op,
  input: repeated(count, () => input),
});

function constant(name: string, dtype: number, sizes: readonly number[], values: object): NodeLiteral {
  const tensor_shape = { dim: sizes.map((size) => ({ size })) };
  return { name, op: 'Const', attr: { dtype: typeAttr(dtype), value: { tensor: { dtype, tensor_shape, ...values } } } };
}

const axes = constant('axes', int32Type, [1], { int_val: [0] });
const rate = constant('rate', float, [], { float_val: [0.1] });

/** What reads all of these, and `y`. */
function frozen(nodes: readonly NodeLiteral[], reads: readonly string[], ...way: string[]): Attack {
  return freezing(graphDef([...head, ...nodes, node('AddN', 'y', 'x', 'w/read', ...reads)]), ...way);
}

function stored(...keys: string[]): TensorToWrite[] {
  return ['w', ...keys].map((key) => ({ key, dtype: float, shape: [2], bytes: Buffer.alloc(8) }));
}

/** An update of the average that `variable` keeps of a statistic. */
function update(name: string, variable: string, statistic: string): NodeLiteral[] {
  return [
    node('Sub', `${name}/difference`, variable, statistic),
    node('Mul', `${name}/share`, `${name}/difference`, 'rate'),
    node('AssignSub', name, variable, `${name}/share`),
  ];
}

describe('of one node ask', () => {
  const readers = repeated(3_000, (at) => `r${at}`);
  withstands({
    '8,000 Reshapes, of which of 150,000 shapes it has': [
      undefined,
      () => {
        const shapes = { list: { shape: repeated(150_000, () => ({})) } };
        const many = { ...floatNode('Neg', 'many', 'x'), attr: { T: typeAttr(float), _output_shapes: shapes } };
        const names = repeated(8_000, (at) => `r${at}`);
        const reshapes = names.map((name) => floatNode('Reshape', name, 'many', 'axes'));
        return frozen([many, axes, ...reshapes], names, '--optimize');
      },
    ],
    '3,000 convolutions, how many of 15,000,000 blocks it has': [
      undefined,
      () =>
        frozen(
          [
            constant('weight', float, [1, 1, 1, 1], { float_val: [1] }),
            constant('blocks', int32Type, [15_000_000], { int_val: [1] }),
            axes,
            ...readers.flatMap((name) => [
              floatNode('Conv2D', `${name}/conv`, 'x', 'weight'),
              floatNode('BatchToSpaceND', name, `${name}/conv`, 'blocks', 'axes'),
            ]),
          ],
          readers,
          '--optimize',
        ),
    ],
    '3,000 products, which of 150,000 numbers is its first': [
      undefined,
      () =>
        frozen(
          [
            constant('weight', float, [1], { float_val: [1] }),
            constant('axis', int32Type, [], { int_val: repeated(150_000, () => 0) }),
            ...readers.flatMap((name) => [
              floatNode('ExpandDims', `${name}/weight`, 'weight', 'axis'),
              floatNode('MatMul', name, 'x', `${name}/weight`),
            ]),
          ],
          readers,
          '--optimize',
        ),
    ],
    '2,000 running sums, which of 15,000,000 numbers is its first': [
      'UNSUPPORTED',
      () => {
        const axis = constant('axis', int32Type, [15_000_000], { int_val: [0] });
        const names = repeated(2_000, (at) => `s${at}`);
        const sums = names.map((name) => floatNode('Cumsum', name, 'x', 'axis'));
        return frozen([axis, ...sums], names, '--layout', 'tfjs');
      },
    ],
    '4,000 Reshapes, which of 150,000 numbers are sizes': [
      undefined,
      () => {
        const sizes = constant('sizes', int32Type, [150_000], { int_val: repeated(150_000, () => 1) });
        const names = repeated(4_000, (at) => `m${at}`);
        const products = names.flatMap((name) => [
          floatNode('Reshape', `${name}/x`, 'x', 'sizes'),
          floatNode('BatchMatMulV2', name, `${name}/x`, 'x'),
        ]);
        return frozen([sizes, ...products], names, '--layout', 'tfjs');
      },
    ],
    '4,000 Reshapes, which of its 100,000 inputs are sizes': [
      undefined,
      () => {
        const sizes = wide('Pack', 'sizes', 100_000, 'size');
        const names = repeated(4_000, (at) => `m${at}`);
        const products = names.flatMap((name) => [
          floatNode('Reshape', `${name}/x`, 'x', 'sizes'),
          floatNode('BatchMatMulV2', name, `${name}/x`, 'x'),
        ]);
        return frozen(
          [constant('size', int32Type, [], { int_val: [1] }), sizes, ...products],
          names,
          '--layout',
          'tfjs',
        );
      },
    ],
    '12,000 writes, what its 100,000 inputs are': [
      undefined,
      () => {
        const writes = repeated(12_000, (at) =>
          node('Assign', `a${at}`, 'w', 'wide', ...(at === 0 ? [] : [`^a${at - 1}`])),
        );
        return frozen([wide('Merge', 'wide', 100_000, 'x'), ...writes], ['^a11999'], '--inference');
      },
    ],
    '12,000 roots, what its 100,000 inputs are': [
      undefined,
      () => {
        const roots = repeated(12_000, (at) => node('Rsqrt', `r${at}`, 'wide'));
        const nodes = [
          refVariable('v', float, 2),
          axes,
          rate,
          node('Mean', 'mean', 'x', 'axes'),
          node('Exp', 'm', 'mean'),
          ...update('u', 'v', 'm'),
          wide('AddN', 'wide', 100_000, 'm'),
          ...roots,
        ];
        const attack = frozen(nodes, [...roots.map(({ name }) => name), '^u'], '--inference');
        return { ...attack, tensors: stored('v') };
      },
    ],
  });
});

describe('one way go', () => {
  const links = repeated(10_000, (at) => `i${at}`);
  const chain = (from: string): NodeLiteral[] =>
    links.map((name, at) => node('Identity', name, at === 0 ? from : `i${at - 1}`));
  withstands({
    'the weights of 2,000 products, through 6,000 casts': [
      undefined,
      () => {
        const [half, names] = [19, repeated(2_000, (at) => `m${at}`)];
        const cast = (at: number): NodeLiteral => ({
          ...node('Cast', `c${at}`, at === 0 ? 'weight' : `c${at - 1}`),
          attr: { SrcT: typeAttr(at % 2 === 0 ? float : half), DstT: typeAttr(at % 2 === 0 ? half : float) },
        });
        const nodes = [
          constant('weight', float, [1, 1], { float_val: [1] }),
          ...repeated(6_000, cast),
          ...names.flatMap((name, at) => [
            floatNode('MatMul', `${name}/product`, 'x', 'c5999'),
            constant(`${name}/scale`, float, [], { float_val: [1 + at] }),
            floatNode('Mul', name, `${name}/product`, `${name}/scale`),
          ]),
        ];
        return frozen(nodes, names, '--optimize');
      },
    ],
    'what a Saver restores into 10,000 assignments, through 10,000 Identities': [
      'VARIABLE_NOT_IN_CHECKPOINT',
      () => {
        const key = {
          tensor: { dtype: stringType, tensor_shape: { dim: [{ size: 1 }] }, string_val: [Buffer.from('k')] },
        };
        const nodes = [
          { name: 'key', op: 'Const', attr: { dtype: typeAttr(stringType), value: key } },
          node('RestoreV2', 'restored', 'key', 'key', 'key'),
          ...chain('restored'),
          ...repeated(10_000, (at) => node('Assign', `a${at}`, 'w', 'i9999')),
          refVariable('missing', float, 2),
        ];
        return frozen(nodes, ['missing']);
      },
    ],
    'a name of 400,000 characters, from which a Saver restores 4,000 variables': [
      'VARIABLE_NOT_IN_CHECKPOINT',
      () => {
        const key = {
          tensor: {
            dtype: stringType,
            tensor_shape: { dim: [{ size: 1 }] },
            string_val: [Buffer.from('k'.repeat(400_000))],
          },
        };
        const nodes = [
          { name: 'key', op: 'Const', attr: { dtype: typeAttr(stringType), value: key } },
          node('RestoreV2', 'restored', 'key', 'key', 'key'),
          ...repeated(4_000, (at) => [
            refVariable(`v${at}`, float, 2),
            node('Assign', `a${at}`, `v${at}`, `restored:${at}`),
          ]).flat(),
        ];
        return frozen(nodes, ['v0']);
      },
    ],
    '22,000 branches of a conditional': [
      'LIMIT_EXCEEDED',
      () => {
        const branches = repeated(22_000, (at) => (at % 2 === 0 ? 's' : 'a'));
        const nodes = [
          placeholder('p', boolType),
          node('RefSwitch', 's', 'w', 'p'),
          node('Assign', 'a', 's:1', 'x'),
          { ...node('RefMerge', 'm'), input: branches, attr: { T: typeAttr(float), N: intAttr(branches.length) } },
        ];
        return freezing(graphDef([...head, ...nodes, floatNode('AddV2', 'y', 'x', 'w', '^m')]));
      },
    ],
    '30,000 values of the last of 2,500 averages': [
      undefined,
      () => {
        const names = repeated(2_500, (at) => `v${at}`);
        const nodes = [
          axes,
          rate,
          node('Mean', 'm', 'x', 'axes'),
          ...names.flatMap((name) => [refVariable(name, float, 2), ...update(`${name}/update`, name, 'm')]),
          { ...node('Merge', 'merged'), input: ['m', ...repeated(30_000, () => 'v2499')] },
        ];
        const updates = names.map((name) => `^${name}/update`);
        return { ...frozen(nodes, ['merged', ...updates], '--inference'), tensors: stored(...names) };
      },
    ],
    '1,500 statistics with averages, and 3,000 without': [
      undefined,
      () => {
        const own = repeated(1_500, (at) => `k${at}`);
        const others = repeated(3_000, (at) => `t${at}`);
        const nodes = [
          refVariable('g', float, 2),
          axes,
          rate,
          ...[...own, ...others].flatMap((name) => [
            node('Mean', `${name}/mean`, 'x', 'axes'),
            node('Mul', name, `${name}/mean`, 'g'),
          ]),
          ...own.flatMap((name) => update(`${name}/update`, 'w', `${name}/mean`)),
        ];
        const reads = [...own, ...others, ...own.map((name) => `^${name}/update`)];
        return { ...frozen(nodes, reads, '--inference'), tensors: stored('g') };
      },
    ],
  });
});

describe('round and round goes', () => {
  const around = (back: NodeLiteral, first: NodeLiteral): Attack => ({
    ...frozen(
      [
        placeholder('p', boolType),
        floatNode('Switch', 's', 'x', 'p'),
        refVariable('mean', float, 2),
        refVariable('variance', float, 2),
        first,
        back,
        floatNode('FusedBatchNorm', 'norm', first.name, 'w/read', 'w/read', 'mean', 'variance'),
      ],
      ['norm', '^s'],
      '--inference',
    ),
    tensors: stored('mean', 'variance'),
  });
  withstands({
    'a normalisation of what leaves a loop that it never entered': [
      undefined,
      () => around(node('NextIteration', 'next', 'left'), node('Exit', 'left', 'next')),
    ],
    'a normalisation of what is merged with itself': [
      undefined,
      () => around(node('RefNextIteration', 'next', 'merged'), node('Merge', 'merged', 'next', 'x')),
    ],
  });
});
