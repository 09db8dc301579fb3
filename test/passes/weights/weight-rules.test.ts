import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../src/evaluate/tensor.js';
import type { FrozenValue } from '../../../src/passes/evaluate-initializers.js';
import { chooseWeights, parseWeightRules } from '../../../src/passes/weights/weight-rules.js';
import { failure } from '../../support/failure.js';
import { int32Type } from '../../support/graph-def.js';
import { stored } from '../../support/stored.js';

const float64 = 2;

const variables = new Map<string, FrozenValue>([
  ['embedding/table', stored('e', 0, [512, 2])],
  ['dense/kernel', stored('k', 1, [32, 32])],
  ['dense/bias', stored('b', 2, [5000])],
  ['dense/small', stored('s', 3, [31, 33])],
  ['scalar', stored('n', 4, [])],
  ['none', stored('z', 5, [0, 3])],
  ['step', stored('i', 6, [100, 100], int32Type)],
  ['double', stored('d', 7, [100, 100], float64)],
  ['assigned', new Tensor(1, [64, 64], new Uint8Array(4 * 64 * 64))],
]);

/** The variables that are stored in another type, and in which. */
function chosen(...rules: string[]): Record<string, string> {
  const weights = chooseWeights(variables, parseWeightRules(rules)).chosen;
  return Object.fromEntries(Array.from(weights, ([name, { type }]) => [name, type]));
}

function unchanged(...rules: string[]): readonly string[] {
  return chooseWeights(variables, parseWeightRules(rules)).unchanged;
}

describe('a rule without a pattern', () => {
  it('is for float32 of the checkpoint with two dimensions and 1,024 elements at least', () => {
    expect(chosen('float16')).toEqual({ 'embedding/table': 'float16', 'dense/kernel': 'float16' });
    expect(chosen()).toEqual({});
  });

  it('need not match anything', () => {
    const small = new Map([['b', stored('b', 0, [8])]]);
    expect(chooseWeights(small, parseWeightRules(['int8'])).chosen.size).toBe(0);
  });
});

describe('a pattern', () => {
  it('reaches small variables too, but nothing that has fewer than two elements', () => {
    expect(chosen('*=bfloat16')).toEqual({
      'embedding/table': 'bfloat16',
      'dense/kernel': 'bfloat16',
      'dense/bias': 'bfloat16',
      'dense/small': 'bfloat16',
    });
  });

  it.each([
    ['dense/kernel', ['dense/kernel']],
    ['dense/*', ['dense/kernel', 'dense/bias', 'dense/small']],
    ['*/b?as', ['dense/bias']],
    ['*e*a*', ['embedding/table', 'dense/bias', 'dense/small']],
    ['*l', ['dense/kernel', 'dense/small']],
    ['d*e/*k*l', ['dense/kernel']],
    ['**bias**', ['dense/bias']],
  ])('%s matches %j', (pattern, names) => {
    expect(Object.keys(chosen(`${pattern}=int8`)).sort()).toEqual([...names].sort());
  });

  it.each(['dense', 'dense/k', '?dense/kernel', 'DENSE/*', 'dense.kernel', 'scal'])(
    '%s matches none',
    async (pattern) => {
      const error = await failure(() => chosen(`${pattern}=int8`));
      expect(error.code).toBe('INVALID_ARGUMENT');
      expect(error.message).toMatch(`The rule '${pattern}=int8' for weights matches no float32 variable`);
    },
  );

  it('that matches only what stays as it is, is refused with the names that could have been meant', async () => {
    expect((await failure(() => chosen('double=float16'))).message).toBe(
      "The rule 'double=float16' for weights matches no float32 variable of two elements or more that gets its value " +
        "from the checkpoint. Such variables are 'embedding/table', 'dense/kernel', 'dense/bias', 'dense/small'.",
    );
    expect((await failure(() => chosen('kernel=float16'))).message).toContain("The nearest names are 'dense/kernel'.");
    for (const name of ['assigned', 'scalar', 'none', 's?ep']) await failure(() => chosen(`${name}=float16`));
    await failure(() => chosen('step=float32'));
  });

  it('that matches some of what stays as it is, says which', () => {
    expect(unchanged('*=float16')).toEqual(['scalar', 'none', 'step', 'double', 'assigned']);
    expect(unchanged('float16', 'd*=int8')).toEqual(['double']);
    expect(unchanged('*s*=int8', 's*=float32')).toEqual(['assigned']);
    expect(unchanged('float16', 'scalar=float32')).toEqual([]);
  });
});

it('of several rules, the last one that applies counts', () => {
  expect(chosen('float16', 'embedding/*=int8', '*/bias=float32', 'dense/small=bfloat16')).toEqual({
    'embedding/table': 'int8',
    'dense/kernel': 'float16',
    'dense/small': 'bfloat16',
  });
  expect(chosen('*=int8', 'dense/*=float32', 'float16')).toEqual({
    'embedding/table': 'float16',
    'dense/kernel': 'float16',
  });
});

it.each(['', 'float8', 'a=', '=float16', 'a=float64', 'float16=a'])('%j is no rule', async (text) => {
  const error = await failure(() => parseWeightRules([text]));
  expect(error.code).toBe('INVALID_ARGUMENT');
  expect(error.message).toBe(
    `Expected rules such as 'float16' or 'dense/*=int8' for weights but received '${text}'. ` +
      'The types are float16, bfloat16, int8, float32.',
  );
});
