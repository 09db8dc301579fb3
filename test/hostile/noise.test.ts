// Dropout and noise: where they lead, and the constants that they are made of.
import { describe } from 'vitest';
import { boolType, float, floatNode, graphDef, type NodeLiteral, placeholder } from '../support/graph-def.js';
import { type Attack, freezing, withstands } from './attack.js';
import { constant, head, node, repeated } from './nodes.js';

function noisy(...nodes: readonly NodeLiteral[]): Attack {
  const random = [node('RandomStandardNormal', 'normal', 'x'), node('RandomUniform', 'uniform', 'x')];
  return freezing(graphDef([...head, ...random, ...nodes]), '--inference');
}

const names = (name: string, count: number): string[] => repeated(count, (at) => `${name}${at}`);

const sum = (...inputs: string[]): NodeLiteral => node('AddN', 'y', 'w/read', ...inputs);

const int8 = 6;

describe('noise goes', () => {
  withstands({
    '2^40 ways through Identities': [
      undefined,
      () => {
        const inputs = (at: number): string[] => repeated(2, () => (at === 0 ? 'n' : `i${at - 1}`));
        return noisy(
          node('Add', 'n', 'x', 'normal'),
          ...repeated(40, (at) => node('Identity', `i${at}`, ...inputs(at))),
          sum('i39'),
        );
      },
    ],
    '3,000 times to a Merge of 100,000 others': [
      undefined,
      () => {
        const noises = repeated(3_000, (at) => floatNode('Add', `n${at}`, 'x', 'normal'));
        const handedOn = repeated(30, (at) => node('Identity', `i${at}`, at === 0 ? 'z' : `i${at - 1}`));
        const merge = node('Merge', 'a', ...names('n', 3_000), ...repeated(100_000, () => 'i29'));
        return noisy(placeholder('z'), ...noises, ...handedOn, merge, sum('a'));
      },
    ],
    '3,000 times to where 5,000 truths tell of it': [
      undefined,
      () => {
        const truths = repeated(5_000, (at) =>
          node('LogicalAnd', `t${at}`, at > 1 ? `t${at - 1}` : 'p', at > 2 ? `t${at - 2}` : 'p'),
        );
        const noises = repeated(3_000, (at) => [
          floatNode('Add', `n${at}`, 's:1', 'normal'),
          node('Merge', `m${at}`, 's', `n${at}`),
        ]).flat();
        return noisy(
          placeholder('p', boolType),
          ...truths,
          floatNode('Switch', 's', 'x', 't4999'),
          ...noises,
          sum(...names('m', 3_000)),
        );
      },
    ],
  });
});

describe('thousands of masks', () => {
  const half = constant('half', float, { float_val: [0.5] });
  const mask = node('GreaterEqual', 'g', 'uniform', 'half');
  withstands({
    'turn out to be part of the model, one after the other': [
      undefined,
      () => {
        const doubled = [constant('two', float, { float_val: [2] }), node('Mul', 'd', 'x', 'two')];
        const dropouts = repeated(7_000, (at) => [
          ...[node('RandomUniform', `r${at}`, 'x'), node('GreaterEqual', `g${at}`, `r${at}`, 'half')],
          floatNode('Mul', `d${at}`, 'd', `g${at}`, ...(at === 0 ? [] : [`g${at - 1}`])),
        ]).flat();
        return noisy(half, ...doubled, ...dropouts, sum(...names('d', 7_000), 'g6999'));
      },
    ],
    'choose between data and 16,000,000 zeros': [
      undefined,
      () => {
        const zeros = constant('zeros', float, { float_val: [0] }, 16_000_000);
        const chosen = repeated(5_000, (at) => floatNode('Select', `d${at}`, 'g', 'x', 'zeros'));
        return noisy(half, mask, zeros, ...chosen, sum(...names('d', 5_000)));
      },
    ],
    'go by a constant of 19,000 numbers': [
      undefined,
      () => {
        const numbers = constant('numbers', int8, { int_val: repeated(19_000, () => 1) }, 9_000);
        const products = repeated(12_000, (at) => floatNode('Mul', `d${at}`, 'numbers', 'uniform'));
        return noisy(numbers, ...products, sum(...names('d', 12_000)));
      },
    ],
  });
});
