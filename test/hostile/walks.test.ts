// Graphs of a few nodes with very many ways through them, and long rows of what is looked at one with another.
import { describe } from 'vitest';
import { libraryOf } from '../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphDef,
  identity,
  int32Type,
  intAttr,
  type NodeLiteral,
  placeholder,
  typeAttr,
} from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { type Attack, freezing, withstands } from './attack.js';
import { head, inference, node, repeated } from './nodes.js';

const merge = (name: string, ...input: string[]): NodeLiteral => ({
  ...floatNode('Merge', name, ...input),
  attr: { T: typeAttr(float), N: intAttr(input.length) },
});

/** Noise in a conditional by `predicate`: what is added to `switch:1`, behind `links` Identities, comes together with `switch`. */
function noisy(predicate: string, links: number): NodeLiteral[] {
  const added = (index: number): string => (index === 0 ? 'gaussian_noise/add' : `link${index}`);
  return [
    floatNode('Switch', 'switch', 'x', predicate),
    { name: 'shape', op: 'Const', attr: { dtype: typeAttr(int32Type), value: vector(2) } },
    { name: 'deviation', op: 'Const', attr: { dtype: typeAttr(float), value: scalar(0.5) } },
    { name: 'mean', op: 'Const', attr: { dtype: typeAttr(float), value: scalar(0) } },
    {
      ...node('RandomStandardNormal', 'gaussian_noise/normal', 'shape'),
      attr: { dtype: typeAttr(float), T: typeAttr(int32Type) },
    },
    floatNode('Mul', 'gaussian_noise/mul', 'gaussian_noise/normal', 'deviation'),
    floatNode('AddV2', 'gaussian_noise/noise', 'gaussian_noise/mul', 'mean'),
    floatNode('AddV2', 'gaussian_noise/add', 'switch:1', 'gaussian_noise/noise'),
    ...repeated(links, (index) => identity(added(index + 1), added(index))),
    merge('together', 'switch', added(links)),
    floatNode('AddV2', 'y', 'together', 'w/read'),
  ];
}

const scalar = (value: number): object => ({ tensor: { dtype: float, tensor_shape: {}, float_val: [value] } });

const vector = (value: number): object => ({
  tensor: { dtype: int32Type, tensor_shape: { dim: [{ size: 1 }] }, int_val: [value] },
});

/** Each takes the one before, so often. */
function ladder(steps: number, rung: (name: string, before: string) => NodeLiteral, start: string): NodeLiteral[] {
  return repeated(steps, (index) => rung(`step${index}`, index === 0 ? start : `step${index - 1}`));
}

/** A moving average of `value`, which `y` waits for, and that is made of `data`. */
function averaged(value: string, data = 'x'): NodeLiteral[] {
  return [
    { name: 'rate', op: 'Const', attr: { dtype: typeAttr(float), value: scalar(0.5) } },
    floatNode('Sub', 'difference', 'w/read', value),
    floatNode('Mul', 'share', 'difference', 'rate'),
    floatNode('AssignSub', 'update', 'w', 'share'),
    floatNode('AddV2', 'y', 'w/read', data, '^update'),
  ];
}

describe('without end go', () => {
  const assigns = (count: number, branches: number): NodeLiteral[] =>
    repeated(count, (at) => [
      ...repeated(branches, (branch) => floatNode('Assign', `a${at}_${branch}`, 'w', 'x')),
      merge(`m${at}`, ...repeated(branches, (branch) => `a${at}_${branch}`)),
    ]).flat();
  const afterMerges = (count: number): NodeLiteral =>
    floatNode('AddV2', 'y', 'x', 'w', ...repeated(count, (at) => `^m${at}`));
  withstands({
    'writes in nine conditionals of eight branches': [
      'VARIABLE_NOT_FREEZABLE',
      () => freezing(graphDef([...head, ...assigns(9, 8), afterMerges(9)])),
    ],
    'sums of four, fifteen of them one after the other': [
      undefined,
      () =>
        inference([
          { name: 'axes', op: 'Const', attr: { dtype: typeAttr(int32Type), value: vector(0) } },
          floatNode('Mean', 'm', 'x', 'axes'),
          ...ladder(15, (name, before) => floatNode('AddN', name, before, before, before, before), 'm'),
          ...averaged('step14'),
        ]),
    ],
    'products of twelve, behind a mean that is taken away': [
      undefined,
      () =>
        inference([
          { name: 'axes', op: 'Const', attr: { dtype: typeAttr(int32Type), value: vector(0) } },
          floatNode('Mean', 'm', 'x', 'axes'),
          floatNode('Sub', 'centered', 'x', 'm'),
          ...ladder(9, (name, before) => floatNode('Mul', name, ...repeated(12, () => before)), 'x'),
          floatNode('Mul', 'scaled', 'centered', 'step8'),
          ...averaged('m', 'scaled'),
        ]),
    ],
    'conditions of two, thirty of them one after the other': [
      undefined,
      () =>
        inference([
          placeholder('condition', boolType),
          ...ladder(30, (name, before) => node('LogicalAnd', name, before, before), 'condition'),
          ...noisy('step29', 0),
        ]),
    ],
  });
});

describe('one with another go', () => {
  const many = 8_000;
  withstands({
    'writes in no order': [
      'VARIABLE_NOT_FREEZABLE',
      () =>
        freezing(
          graphDef([
            ...head,
            ...repeated(many, (at) => floatNode('Assign', `a${at}`, 'w', 'x')),
            floatNode('AddV2', 'y', 'x', 'w', ...repeated(many, (at) => `^a${at}`)),
          ]),
        ),
    ],
    'additions in no order': [
      undefined,
      () =>
        freezing(
          graphDef([
            ...head,
            ...repeated(many, (at) => floatNode('AssignAdd', `a${at}`, 'w', 'x')),
            floatNode('AddV2', 'y', 'x', 'w', ...repeated(many, (at) => `^a${at}`)),
          ]),
        ),
    ],
    'writes and what reads them, in order': [
      undefined,
      () =>
        freezing(
          graphDef([
            ...head,
            ...repeated(5_000, (at) => [
              floatNode('Assign', `a${at}`, 'w', 'x', ...(at === 0 ? [] : [`^r${at - 1}`])),
              floatNode('Identity', `r${at}`, 'w', `^a${at}`),
            ]).flat(),
            floatNode('AddN', 'y', ...repeated(5_000, (at) => `r${at}`)),
          ]),
        ),
    ],
    'conditionals in order, all of them read': [
      undefined,
      () =>
        freezing(
          graphDef([
            ...head,
            placeholder('p', boolType),
            ...repeated(3_000, (at) => [
              floatNode('RefSwitch', `s${at}`, 'w', 'p', ...(at === 0 ? [] : [`^m${at - 1}`])),
              floatNode('AssignAdd', `a${at}`, `s${at}:1`, 'x'),
              { ...merge(`m${at}`, `s${at}`, `a${at}`), op: 'RefMerge' },
            ]).flat(),
            floatNode('AddV2', 'y', 'x', 'w', ...repeated(3_000, (at) => `^m${at}`)),
          ]),
        ),
    ],
    'variables of a loop, each of which becomes the next': [undefined, () => shiftRegister(3_000)],
    '20,000 variables of a loop, all of which one node takes': [
      undefined,
      () => widestLoop(20_000, 20_000, '--inference'),
    ],
    'more variables of a loop than are made flat': ['LIMIT_EXCEEDED', () => widestLoop(9_000, 1, '--layout=tfjs')],
    'variables of a loop that is made flat': [undefined, () => widestLoop(6_500, 1, '--layout=tfjs')],
    'a hundred thousand sizes of a placeholder': [
      undefined,
      () =>
        freezing(
          graphDef([
            {
              ...placeholder('x'),
              attr: { dtype: typeAttr(float), shape: { shape: { dim: repeated(100_000, () => ({})) } } },
            },
            ...smallNodes.slice(1),
          ]),
          '--layout',
          'tfjs',
        ),
    ],
  });
});

/** A loop of the second kind, whose body hands each variable on to the one before. */
function shiftRegister(count: number): Attack {
  const inputs = Object.fromEntries(repeated(count, (at) => [`a${at}`, float]));
  const types = { list: { type: repeated(count, () => float) } };
  const library = libraryOf({
    body: {
      inputs,
      outputs: Object.fromEntries(repeated(count, (at) => [`o${at}`, float])),
      nodes: [],
      returns: Object.fromEntries(repeated(count, (at) => [`o${at}`, `a${(at + 1) % count}`])),
    },
    cond: {
      inputs,
      outputs: { t: boolType },
      nodes: [
        {
          name: 'never',
          op: 'Const',
          attr: {
            dtype: typeAttr(boolType),
            value: { tensor: { dtype: boolType, tensor_shape: {}, bool_val: [false] } },
          },
        },
      ],
      returns: { t: 'never:output:0' },
    },
  });
  const loop: NodeLiteral = {
    ...node('While', 'loop', ...repeated(count, () => 'w/read')),
    attr: { T: types, body: { func: { name: 'body' } }, cond: { func: { name: 'cond' } } },
  };
  return inference([loop, identity('y', 'loop')], { library });
}

/** A loop of as many variables as fit, whose condition and body is one function, and what takes some of them. */
function widestLoop(count: number, taken: number, way: string): Attack {
  const each = Object.fromEntries(repeated(count, (at) => [at.toString(36), float]));
  const library = libraryOf({ f: { inputs: each, outputs: each, nodes: [], returns: {} } });
  const attr = {
    T: { list: { type: repeated(count, () => float) } },
    body: { func: { name: 'f' } },
    cond: { func: { name: 'f' } },
  };
  const loop = { ...node('While', 'l', ...repeated(count, () => 'x')), attr };
  const sum = node('AddN', 'y', 'w/read', ...repeated(taken, (at) => `l:${at}`));
  return freezing(graphDef([...head, loop, sum], { library }), way);
}

describe('as far as the stack goes', () => {
  withstands({
    'noise behind 20,000 Identities': [
      undefined,
      () => inference([placeholder('is_training', boolType), ...noisy('is_training', 20_000)]),
    ],
  });
});

describe('names of', () => {
  const ops = (op: string): NodeLiteral[] => repeated(60, (at) => ({ name: `q${at}`, op: `${op}\n` }));
  const named = (op: string, count: number): Buffer => Buffer.from(graphDef([...smallNodes, ...ops(op.repeat(count))]));
  withstands({
    'ops that say Summary over and over': [
      'OUTPUT_NOT_FOUND',
      () => freezing(named('Summary', 2_300), '--outputs', 'none'),
    ],
    'ops that say WeightedCrossEntropy over and over': [
      undefined,
      () => ({ files: { 'graph.pb': named('WeightedCrossEntropy', 800) }, args: ['suggest', 'graph.pb'] }),
    ],
    'scopes that say gradients over and over': [
      undefined,
      () => {
        const long = repeated(25, (at) => floatNode('Mul', `${'gradients/'.repeat(1_600)}m${at}`, 'x', 'w/read'));
        return inference([...long, floatNode('AddN', 'sum', ...long.map(({ name }) => name)), ...averaged('sum')]);
      },
    ],
  });
});
