import { expect, it } from 'vitest';
import type { Change } from '../../../src/inference/change.js';
import { inEveryScope } from '../../../src/inference/every-scope.js';
import { dropSteps } from '../../../src/inference/training-ops/drop-steps.js';
import {
  float,
  floatNode,
  graphOf,
  handleVariable,
  type NodeLiteral,
  placeholder,
  readVariable,
  typeAttr,
} from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';

function write(op: string, name: string, handle: string, value: string): NodeLiteral {
  return { name, op, input: [handle, value], attr: { dtype: typeAttr(float) } };
}

function after(name: string, op: string, input: string, ...waited: string[]): NodeLiteral {
  return { ...floatNode(op, name, input), input: [input, ...waited.map((each) => `^${each}`)] };
}

function dropped(nodes: readonly NodeLiteral[]): { lines: string[]; changes: Change[] } {
  const changes: Change[] = [];
  return { lines: lines(inEveryScope(graphOf(nodes), ['y'], dropSteps, changes)), changes };
}

const forward = [
  placeholder('x'),
  ...['w', 'slot'].map((name) => handleVariable(name, float, 3)),
  readVariable('wr', 'w'),
  floatNode('Mul', 'product', 'x', 'wr'),
  floatNode('Relu', 'relu', 'product'),
];

/** The gradient goes to an average of gradients, and that, once it is read again, to the weight. */
const step = [
  floatNode('ReluGrad', 'gradient', 'x', 'relu'),
  write('AssignAddVariableOp', 'remember', 'slot', 'gradient'),
  { ...readVariable('again', 'slot'), input: ['slot', '^remember'] },
  write('AssignSubVariableOp', 'descend', 'w', 'again'),
];

it('nothing waits for a step in single ops, the slots of the optimiser and what is read of them', () => {
  const { lines: left, changes } = dropped([
    ...forward,
    ...step,
    after('y', 'Identity', 'relu', 'descend', 'remember'),
  ]);
  expect(left.at(-1)).toBe('y = Identity(relu)');
  expect(changes.map(({ node, rewrite }) => [node, rewrite])).toEqual([['y', 'training-ops']]);
});

it('an output behind the step is computed of the weight as it is stored', () => {
  const behind = [{ ...readVariable('wr2', 'w'), input: ['w', '^descend'] }, floatNode('Mul', 'y', 'x', 'wr2')];
  const { lines: left } = dropped([...forward, ...step, ...behind]);
  expect(left.at(-2)).toBe('wr2 = ReadVariableOp(w)');
});

it('gradients that outputs are computed from are the model, and so is what it writes of them', () => {
  const nodes = [
    ...forward,
    ...step,
    floatNode('Sub', 'lower', 'x', 'gradient'),
    after('y', 'Identity', 'lower', 'descend'),
  ];
  expect(dropped(nodes)).toEqual({ lines: lines(graphOf(nodes)), changes: [] });
});

it('state stays that is computed without a gradient, by a deconvolution too', () => {
  const state = [
    floatNode('Conv2DBackpropInput', 'wider', 'sizes', 'filter', 'relu'),
    write('AssignVariableOp', 'remember', 'slot', 'wider'),
  ];
  const nodes = [
    placeholder('sizes'),
    placeholder('filter'),
    ...forward,
    ...state,
    after('y', 'Identity', 'relu', 'remember'),
  ];
  expect(dropped(nodes)).toEqual({ lines: lines(graphOf(nodes)), changes: [] });
});

it('state that an output reads after it was written of data and a gradient is the model, and no step', () => {
  const nodes = [
    placeholder('x'),
    handleVariable('state', float, 3),
    readVariable('before', 'state'),
    floatNode('AddV2', 'from', 'before', 'x'),
    floatNode('Relu', 'energy', 'from'),
    floatNode('ReluGrad', 'gradient', 'x', 'energy'),
    floatNode('AddV2', 'next', 'from', 'gradient'),
    write('AssignVariableOp', 'go on', 'state', 'next'),
    { ...readVariable('y', 'state'), input: ['state', '^go on'] },
  ];
  expect(dropped(nodes)).toEqual({ lines: lines(graphOf(nodes)), changes: [] });
});

it('a weight that is adapted for a prediction and put back is read as adapted', () => {
  const nodes = [
    ...forward,
    floatNode('Identity', 'old', 'wr'),
    floatNode('ReluGrad', 'gradient', 'x', 'relu'),
    write('AssignSubVariableOp', 'adapt', 'w', 'gradient'),
    { ...readVariable('adapted', 'w'), input: ['w', '^adapt'] },
    floatNode('Mul', 'prediction', 'x', 'adapted'),
    { ...write('AssignVariableOp', 'put back', 'w', 'old'), input: ['w', 'old', '^adapted'] },
    after('y', 'Identity', 'prediction', 'put back'),
  ];
  expect(dropped(nodes)).toEqual({ lines: lines(graphOf(nodes)), changes: [] });
});

it('a number of gradients that is no weight, and that an output reads, is the model; the step beside it goes', () => {
  const { lines: left } = dropped([
    ...forward,
    floatNode('ReluGrad', 'gradient', 'x', 'relu'),
    write('AssignAddVariableOp', 'count', 'slot', 'gradient'),
    { ...readVariable('counted', 'slot'), input: ['slot', '^count'] },
    floatNode('TanhGrad', 'of another', 'relu', 'x'),
    write('AssignSubVariableOp', 'descend', 'w', 'of another'),
    after('y', 'Identity', 'counted', 'descend'),
  ]);
  expect(left.slice(-1)).toEqual(['y = Identity(counted)']);
  expect(left).toContain('counted = ReadVariableOp(slot, ^count)');
});

it('a layer called gradients is none', () => {
  const named = forward.map(({ name, input = [], ...node }) => ({
    ...node,
    name: name.replace('product', 'gradients/Mul'),
    input: input.map((each) => each.replace('product', 'gradients/Mul')),
  }));
  const { lines: left } = dropped([...named, ...step, after('y', 'Identity', 'relu', 'descend', 'remember')]);
  expect(left.at(-1)).toBe('y = Identity(relu)');
});

it('products in the scopes of gradients are of a step, whatever their op is', () => {
  for (const scope of ['gradient_tape/', 'gradients/relu_grad/', 'tower/gradients_1/tower/relu_grad/']) {
    const { lines: left } = dropped([
      ...forward,
      floatNode('Mul', `${scope}Mul`, 'x', 'relu'),
      write('AssignSubVariableOp', 'descend', 'w', `${scope}Mul`),
      after('y', 'Identity', 'relu', 'descend'),
    ]);
    expect(left.at(-1)).toBe('y = Identity(relu)');
  }
});

it('a gradient that an output is computed from does not keep the step of another', () => {
  const { lines: left } = dropped([
    ...forward,
    floatNode('MaxPoolGrad', 'unpooled', 'relu', 'x', 'relu'),
    floatNode('ReluGrad', 'gradient', 'x', 'unpooled'),
    write('AssignSubVariableOp', 'descend', 'w', 'gradient'),
    after('y', 'Identity', 'unpooled', 'descend'),
  ]);
  expect(left.at(-1)).toBe('y = Identity(unpooled)');
});

it('nothing waits for the decay of a weight that a step updates, though no gradient is in it', () => {
  const { lines: left } = dropped([
    ...forward,
    ...step,
    floatNode('Mul', 'share', 'wr', 'rate'),
    placeholder('rate'),
    write('AssignSubVariableOp', 'decay', 'w', 'share'),
    after('y', 'Identity', 'relu', 'descend', 'decay', 'remember'),
  ]);
  expect(left.at(-1)).toBe('y = Identity(relu)');
});

it('a write stays that the model reads a weight after, as spectral normalisation does', () => {
  const { lines: left } = dropped([
    ...forward.slice(0, 3),
    readVariable('raw', 'w'),
    floatNode('Softsign', 'normal', 'raw'),
    write('AssignVariableOp', 'normalise', 'w', 'normal'),
    { ...readVariable('wr', 'w'), input: ['w', '^normalise'] },
    ...forward.slice(4),
    ...step,
    after('y', 'Identity', 'relu', 'descend', 'remember'),
  ]);
  expect(left.at(-1)).toMatch(/^y = Identity\(relu/);
  expect(left.at(-1)).not.toMatch(/descend|remember/);
  expect(left).toContain('wr = ReadVariableOp(w, ^normalise)');
});
