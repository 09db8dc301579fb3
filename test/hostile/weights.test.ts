// Thousands of variables that are one tensor of the checkpoint: in files of their own, with scales of their own.
import { describe } from 'vitest';
import {
  float,
  floatNode,
  graphDef,
  handleVariable,
  type NodeLiteral,
  readVariable,
  typeAttr,
} from '../support/graph-def.js';
import { smallTensors } from '../support/model.js';
import { type Attack, freezing, withstands } from './attack.js';
import { head, node, repeated } from './nodes.js';

const qint8 = 11;

const names = (name: string, count: number): string[] => repeated(count, (at) => `${name}${at}`);

const sum = (...inputs: string[]): NodeLiteral => node('AddN', 'y', 'x', 'w/read', ...inputs);

/** So many reads `r0` and on of a variable that is always the same tensor. */
function same(count: number, ...shape: number[]): NodeLiteral[] {
  const { attr = {} } = handleVariable('v', float, ...shape);
  const handles = names('v', count).map((name): NodeLiteral => ({ name, op: 'VarHandleOp', attr }));
  return [...handles, ...repeated(count, (at) => readVariable(`r${at}`, `v${at}`))];
}

function weighing(shape: readonly number[], nodes: readonly NodeLiteral[], ...args: string[]): Attack {
  const elements = shape.reduce((product, size) => product * size, 1);
  const tensor = { key: 'v', dtype: float, shape, bytes: Buffer.alloc(4 * elements) };
  return { ...freezing(graphDef([...head, ...nodes]), ...args), tensors: [...smallTensors, tensor] };
}

/** All in one, and far on. */
const merged = (...shape: number[]): NodeLiteral[] => [
  ...same(5_500, ...shape),
  node('Merge', 'm', ...names('r', 5_500)),
  ...repeated(7_000, (at) => node('Identity', `i${at}`, at === 0 ? 'm' : `i${at - 1}`)),
];

describe('of one tensor are made', () => {
  withstands({
    '7,000 constants of a megabyte, in files of their own': [
      'LIMIT_EXCEEDED',
      () => weighing([250_000], [...same(7_000, 250_000), sum(...names('r', 7_000))], '--layout', 'mmap'),
    ],
    '5,500 constants that go the same way, in files of their own': [
      undefined,
      () => weighing([16_384], [...merged(16_384), sum('i6999')], '--layout', 'mmap'),
    ],
    '5,500 constants that go the same way, and cannot be copied for what writes to them': [
      undefined,
      () => {
        const quantized = merged(16_384).map((each) =>
          each.attr ? { ...each, attr: { ...each.attr, dtype: typeAttr(qint8) } } : each,
        );
        const weights = weighing([16_384], [...quantized, sum('i6999')], '--layout', 'memmapped');
        return {
          ...weights,
          tensors: [...smallTensors, { key: 'v', dtype: qint8, shape: [16_384], bytes: Buffer.alloc(16_384) }],
        };
      },
    ],
    '5,500 weights of int8 that go the same way to where their channels are told': [
      undefined,
      () => {
        const product = floatNode('MatMul', 'p', 'x', 'i6999');
        return weighing([128, 128], [...merged(128, 128), product, sum('p')], '--weights', 'int8');
      },
    ],
    '6,000 weights of int8 with 16,384 scales each': [
      'LIMIT_EXCEEDED',
      () => {
        const rows = repeated(6_000, (at) => node('Gather', `g${at}`, `r${at}`, 'x'));
        const nodes = [...same(6_000, 16_384, 4), ...rows, sum(...names('g', 6_000))];
        return weighing([16_384, 4], nodes, '--weights', 'int8');
      },
    ],
  });
});
