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
