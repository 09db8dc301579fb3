// Keras runs a cell once before the loop, and updates the moving statistics there too.
import { expect, it } from 'vitest';
import { noInference } from '../../../src/inference/inference-settings.js';
import { toInference } from '../../../src/inference/to-inference.js';
import { call, type FunctionLiteral, libraryOf } from '../../support/functions.js';
import {
  float,
  floatNode,
  graphOf,
  handleVariable,
  type NodeLiteral,
  placeholder,
  readVariable,
  resource,
  typeAttr,
} from '../../support/graph-def.js';
import { fused } from './graphs.js';

const assign = (name: string, handle: string, value: string): NodeLiteral => {
  return { name, op: 'AssignVariableOp', input: [handle, value], attr: { dtype: typeAttr(float) } };
};

/** Normalises, and updates the moving statistics `m` and `v`; gives out `result`. */
function cell(result: string): FunctionLiteral {
  return {
    inputs: { x: float, m: resource, v: resource },
    outputs: { y: float },
    nodes: [
      readVariable('mr', 'm'),
      readVariable('vr', 'v'),
      floatNode('OnesLike', 'one', 'x'),
      fused('bn', ['x', 'one:y:0', 'one:y:0', 'mr:value:0', 'vr:value:0']),
      assign('am', 'm', 'bn:batch_mean:0'),
      assign('av', 'v', 'bn:batch_variance:0'),
    ],
    returns: { y: result },
    controls: ['am', 'av'],
  };
}

const types = [float, resource, resource];

/** How many writes the function `dry` has left, which the variables `dryMean` and `dryVariance` are handed to. */
function writesLeft(dryMean: string, dryVariance: string): number {
  const nodes = [
    placeholder('x'),
    ...['m', 'v', 'm2', 'v2'].map((name) => handleVariable(name, float, 3)),
    call('shape', ['x', dryMean, dryVariance], 'dry', types),
    call('normalized', ['x', 'm', 'v'], 'cell', types),
    floatNode('Relu', 'y', 'normalized'),
  ].map((node) => (node.name === 'y' ? { ...node, input: ['normalized', '^shape'] } : node));
  const library = libraryOf({ dry: cell('x'), cell: cell('bn:y:0') });
  const settings = { ...noInference, rewrites: new Set(['batch-norm'] as const) };
  const { graph } = toInference(graphOf(nodes, { library }), ['y'], settings);
  const ops = (name: string): string[] => graph.library.byName.get(name)?.nodes.map(({ op }) => op) ?? [];
  expect(ops('cell')).not.toContain('AssignVariableOp');
  return ops('dry').filter((op) => op === 'AssignVariableOp').length;
}

it('what another function normalises with is not updated, by whatever name it goes there', () => {
  expect(writesLeft('m', 'v')).toBe(0);
});

it('other variables are', () => {
  expect(writesLeft('m2', 'v2')).toBe(2);
});

it('each variable is looked at for itself', () => {
  expect(writesLeft('m', 'v2')).toBe(1);
});
