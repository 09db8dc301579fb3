// A function knows its variables by the names of its arguments, a user by those that they have in the checkpoint.
import { expect, it } from 'vitest';
import type { StatisticsNames } from '../../../src/inference/batch-norm/statistics-names.js';
import { noInference } from '../../../src/inference/inference-settings.js';
import { type Inference, toInference } from '../../../src/inference/to-inference.js';
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
import { fused, number } from './graphs.js';

/** `variable -= (variable - value) * 0.1` for the handle in an argument. */
function average(argument: string, value: string): NodeLiteral[] {
  return [
    readVariable(`${argument}r`, argument),
    floatNode('Sub', `${argument}d`, `${argument}r:value:0`, value),
    floatNode('Mul', `${argument}s`, `${argument}d:z:0`, 'decay:output:0'),
    {
      name: `to_${argument}`,
      op: 'AssignSubVariableOp',
      input: [argument, `${argument}s:z:0`],
      attr: { dtype: typeAttr(float) },
    },
  ];
}

/** Normalises, and keeps averages of the mean in the arguments named. */
function normalizing(means: readonly string[]): FunctionLiteral {
  return {
    inputs: { x: float, a: resource, b: resource, c: resource },
    outputs: { y: float },
    nodes: [
      number('decay', 0.1),
      floatNode('OnesLike', 'one', 'x'),
      fused('bn', ['x', 'one:y:0', 'one:y:0', 'one:y:0', 'one:y:0']),
      ...means.flatMap((mean) => average(mean, 'bn:batch_mean:0')),
      ...average('c', 'bn:batch_variance:0'),
    ],
    returns: { y: 'bn:y:0' },
    controls: [...means.map((mean) => `to_${mean}`), 'to_c'],
  };
}

/** A function that calls the one that normalises, with the handles that it is given. */
const outer: FunctionLiteral = {
  inputs: { x: float, p: resource, q: resource, r: resource },
  outputs: { y: float },
  nodes: [call('inner', ['x', 'p', 'q', 'r'], 'f', [float, resource, resource, resource])],
  returns: { y: 'inner:output:0' },
};

function normalized(
  means: readonly string[],
  bnStats: Readonly<Record<string, StatisticsNames>> = {},
  widest?: string,
): Inference {
  const variables = ['bn/mean', 'bn/slow_mean', 'bn/variance'];
  const nodes = [
    placeholder('x'),
    ...variables.map((name) => handleVariable(name, float, name === widest ? 4 : 3)),
    call('y', ['x', ...variables], 'outer', [float, resource, resource, resource]),
  ];
  const settings = {
    ...noInference,
    rewrites: new Set(['batch-norm'] as const),
    bnStats: new Map(Object.entries(bnStats)),
  };
  return toInference(graphOf(nodes, { library: libraryOf({ f: normalizing(means), outer }) }), ['y'], settings);
}

it('the report names the variables that are handed over, through calls', () => {
  const [change] = normalized(['a']).changes;
  expect(change?.text).toContain("normalises with 'bn/mean' and 'bn/variance'");
});

it('so does what is asked where averages are ambiguous', () => {
  expect(() => normalized(['a', 'b'])).toThrow(expect.objectContaining({ code: 'STATISTICS_AMBIGUOUS' }));
  expect(() => normalized(['a', 'b'])).toThrow(/'bn\/mean', 'bn\/slow_mean'/);
});

it('a user may name the variable or the argument', () => {
  for (const mean of ['bn/slow_mean', 'b']) {
    const { graph, changes } = normalized(['a', 'b'], { bn: { mean, variance: 'bn/variance' } });
    const read = graph.library.byName.get('f')?.nodes.find(({ name }) => name === 'bn/moving_mean');
    expect(read?.inputs).toEqual(['b']);
    expect(changes[0]?.text).toContain("normalises with 'bn/slow_mean' and 'bn/variance', as asked for");
  }
});

it('a variable that the function is not given is none', () => {
  expect(() => normalized(['a'], { bn: { mean: 'bn/means', variance: 'c' } })).toThrow(
    /no variable 'bn\/means'.*nearest are 'bn\/mean'/,
  );
});

it('variables of another shape are refused by the shapes that callers hand over', () => {
  const choose = (mean: string) => () => normalized(['a'], { bn: { mean, variance: 'c' } }, 'bn/slow_mean');
  for (const mean of ['bn/slow_mean', 'b']) expect(choose(mean)).toThrow(/float32\[4\].*float32\[3\] as 'bn\/mean' is/);
  expect(choose('bn/slow_means')).toThrow(/no variable 'bn\/slow_means' for the statistics of 'bn'\.$/);
});
