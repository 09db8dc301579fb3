// Normalisations whose statistics have moving averages: where these lead, what they are made of, and what goes along.
import { describe } from 'vitest';
import { call, type FunctionLiteral, libraryOf } from '../support/functions.js';
import {
  float,
  floatNode,
  graphDef,
  handleVariable,
  identity,
  int32Type,
  type NodeLiteral,
  refVariable,
  resource,
  typeAttr,
} from '../support/graph-def.js';
import { smallTensors } from '../support/model.js';
import { type Attack, freezing, withstands } from './attack.js';
import { constant, head, node, repeated } from './nodes.js';

const axes = constant('axes', int32Type, { int_val: [0] }, 1);

/** A mean `m` and a variance `v` of the batch with averages in `mm` and `mv`, and the root `r`. */
const norm: readonly NodeLiteral[] = [
  ...[axes, constant('c', float, { float_val: [0.1] }), constant('e', float, { float_val: [0.001] })],
  ...['mm', 'mv'].flatMap((name) => [refVariable(name, float, 2), identity(`${name}/read`, name)]),
  ...[node('Mean', 'm', 'x', 'axes'), node('SquaredDifference', 'sd', 'x', 'm'), node('Mean', 'v', 'sd', 'axes')],
  ...[...average('m', 'mm'), ...average('v', 'mv'), node('AddV2', 've', 'v', 'e'), node('Rsqrt', 'r', 've')],
];

/** What keeps an average of a statistic. */
function average(of: string, variable: string): NodeLiteral[] {
  return [
    node('Sub', `${of}d`, `${variable}/read`, of),
    node('Mul', `${of}p`, `${of}d`, 'c'),
    node('AssignSub', `${of}u`, variable, `${of}p`),
  ];
}

const normalizes = [node('Sub', 's', 'x', 'm'), node('Mul', 'q', 's', 'r')];

/** So many more means, each with an average. */
const means = (count: number): NodeLiteral[] =>
  repeated(count, (at) => [node('Mean', `s${at}`, 'x', 'axes'), ...average(`s${at}`, 'mm')]).flat();

const names = (name: string, count: number): string[] => repeated(count, (at) => `${name}${at}`);

/** Each takes the one before, twice. */
const doubling = (op: string, start: string): NodeLiteral[] =>
  repeated(40, (at) => floatNode(op, `n${at}`, ...repeated(2, () => (at === 0 ? start : `n${at - 1}`))));

function normalizing(...nodes: readonly NodeLiteral[]): Attack {
  const tensors = ['mm', 'mv'].map((key) => ({ key, dtype: float, shape: [2], bytes: Buffer.alloc(8) }));
  return { ...freezing(graphDef([...head, ...norm, ...nodes]), '--inference'), tensors: [...smallTensors, ...tensors] };
}

const sum = (...inputs: string[]): NodeLiteral => node('AddN', 'y', 'w/read', ...inputs);

describe('2^40 ways lead', () => {
  withstands({
    'from a mean, turned over and over,': [
      undefined,
      () => normalizing(...doubling('Neg', 'm'), node('Mul', 'q', 'n39', 'r'), sum('q')),
    ],
    'from a deviation, multiplied by itself,': [
      undefined,
      () => normalizing(node('Sub', 's', 'x', 'm'), ...doubling('Mul', 's'), node('Mul', 'q', 'n39', 'r'), sum('q')),
    ],
    'from a variance to where nothing comes of it': [
      undefined,
      () => normalizing(...normalizes, ...doubling('Reshape', 'v'), sum('q', '^n39')),
    ],
  });
});

describe('thousands of statistics go', () => {
  withstands({
    'to a Merge of 40,000 values of a variable': [
      undefined,
      () => {
        const row = repeated(40_000, () => 'mm/read');
        return normalizing(...means(4_000), node('Merge', 'a', ...row, ...names('s', 4_000), 'x'), sum('a'));
      },
    ],
    'to a sum of 60,000 values of a placeholder': [
      undefined,
      () => {
        const row = repeated(60_000, () => 'x');
        return normalizing(...means(4_000), node('Add', 'a', ...row, ...names('s', 4_000)), sum('a'));
      },
    ],
    'through a product that one node reads 60,000 times': [
      undefined,
      () => {
        const deviations = repeated(5_000, (at) => node('Sub', `z${at}`, 'x', `s${at}`));
        const product = node('Mul', 'a', ...names('z', 5_000));
        return normalizing(...means(5_000), ...deviations, product, sum(...repeated(60_000, () => 'a')));
      },
    ],
    'to an Identity that one node reads 60,000 times': [
      undefined,
      () => {
        const attr = { T: typeAttr(float), is_training: { b: true } };
        const norms = repeated(9_000, (at) => ({ ...node('FusedBatchNorm', `f${at}`, 'x', 'x', 'x', 'x', 'x'), attr }));
        const given = node('Identity', 'a', ...names('f', 9_000).map((name) => `${name}:1`));
        return normalizing(...norms, given, sum(...names('f', 9_000)), node('L', 'l', ...repeated(60_000, () => 'a')));
      },
    ],
  });
});

describe('thousands of writes', () => {
  const behind = (count: number, more: (at: number) => string[]): NodeLiteral[] =>
    repeated(count, (at) => node('Mul', `k${at + 1}`, ...more(at), `k${at}`));
  withstands({
    'of one blend, with 60 products of 60 factors, of which one is a statistic': [
      undefined,
      () => {
        const handedOn = repeated(30, (at) => node('Identity', `i${at}`, at === 0 ? 'x' : `i${at - 1}`));
        const merged = repeated(60, (at) => node('Identity', `b${at}`, 'k60'));
        const writes = repeated(9_000, (at) => node('Assign', `u${at}`, 'mm', 'a'));
        const blend = node('Merge', 'a', 'mm/read', ...names('b', 60));
        const row = repeated(60, () => 'i29');
        return normalizing(
          ...[...handedOn, node('Mean', 'k0', 'x', 'axes'), ...behind(60, () => row), ...merged, blend, ...writes],
          sum('k60'),
        );
      },
    ],
    'of 200 sums of 200': [
      undefined,
      () => {
        const sums = repeated(200, (at) => {
          const before = repeated(198, (each) => `k${Math.max(0, at - each)}`);
          return node('AddN', `k${at + 1}`, 'mm/read', ...before);
        });
        const writes = repeated(20_000, (at) => node('Assign', `u${at}`, 'mm', 'k200'));
        return normalizing(node('Mean', 'k0', 'x', 'axes'), ...sums, ...writes, node('Rsqrt', 'z', 'k0'), sum('z'));
      },
    ],
  });
});

describe('a function is handed', () => {
  withstands({
    '4,000 variables, each as 7,000 arguments of another': [
      'VARIABLE_NOT_IN_CHECKPOINT',
      () => {
        const variables = repeated(4_000, (at) => `v${at}/moving_variance`);
        const inner: FunctionLiteral = {
          inputs: { ...Object.fromEntries(names('a', 7_000).map((name) => [name, resource])), z: float },
          outputs: { r: float },
          nodes: [axes, node('Mean', 'm', 'z', 'axes:output:0'), node('Rsqrt', 's', 'm:output:0')],
          returns: { r: 's:y:0' },
        };
        const types = [...repeated(7_000, () => resource), float];
        const outer: FunctionLiteral = {
          inputs: { b: resource, z: float },
          outputs: { r: float },
          nodes: [call('k', [...repeated(7_000, () => 'b'), 'z'], 'inner', types)],
          returns: { r: 'k:output:0' },
        };
        const calls = variables.map((name, at) => call(`c${at}`, [name, 'x'], 'outer', [resource, float]));
        const handles = variables.map((name) => handleVariable(name, float, 2));
        const nodes = [...head, ...handles, ...calls, sum(...names('c', 4_000))];
        return freezing(graphDef(nodes, { library: libraryOf({ inner, outer }) }), '--inference');
      },
    ],
  });
});
