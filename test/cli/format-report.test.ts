import { describe, expect, it } from 'vitest';
import { formatBytes } from '../../src/cli/format-bytes.js';
import { formatReport } from '../../src/cli/format-report.js';
import type { FreezeReport, FrozenVariable } from '../../src/index.js';

function variable(name: string, bytes: number, key = name): FrozenVariable {
  return { name, key, dtype: 'float32', shape: [bytes / 4], bytes, storedAs: 'float32', overflows: 0 };
}

const report: FreezeReport = {
  graph: 'graph.pb',
  graphKind: 'a binary GraphDef',
  checkpoint: 'model.ckpt-200',
  outputs: ['y', 'z'],
  signature: undefined,
  assets: [],
  out: 'frozen.pb',
  layout: 'graph-def',
  files: [{ path: '/models/frozen.pb', bytes: 1_234_567 }],
  bytes: 1_234_567,
  nodesBefore: 100,
  nodesAfter: 10,
  variables: [variable('small', 4), variable('large', 1_200_000, 'large/ExponentialMovingAverage')],
  unchangedWeights: [],
  keptVariables: [],
  droppedWrites: [],
  tableInitializers: [],
  changes: [],
  withoutAverage: [],
  unusedAverages: [],
  optimizations: [],
  placement: undefined,
  milliseconds: { read: 1.4, rewrite: 2.6, plan: 0, write: 1234, total: 1238 },
};

it('a report says what was frozen, the largest variables first', () => {
  expect(formatReport(report)).toBe(
    [
      'Froze 2 variables (1.2 MB) of model.ckpt-200',
      '  graph    graph.pb, a binary GraphDef: 100 nodes, 10 kept',
      '  outputs  y, z',
      '  frozen   frozen.pb, 1.2 MB',
      '  time     1.24 s: read 1 ms, rewrite 3 ms, plan 0 ms, write 1.23 s',
      '  largest  large float32[300000] 1.2 MB, stored as large/ExponentialMovingAverage',
      '           small float32[1] 4 bytes',
    ].join('\n'),
  );
});

it('variables that are stored in other types are counted, and what these have no place for', () => {
  const stored = (['float16', 'float16', 'int8', 'float32'] as const).map((storedAs, index) => ({
    ...variable(`v${index}`, 4),
    storedAs,
    overflows: index === 1 ? 7 : 0,
  }));
  const text = formatReport({
    ...report,
    variables: [...stored, { ...variable('n', 8), storedAs: 'int32', overflows: 1 }],
  });
  expect(text).toContain(
    [
      '  stored   2 as float16, 1 as int8, 1 as int32, 1 as they are',
      '  warning  7 of the numbers in v1 are too large for float16 and became infinite',
      '  warning  1 of the numbers in n are too large for int32 and lost their upper bits',
    ].join('\n'),
  );
});

it('no more than five variables are listed', () => {
  const many = Array.from({ length: 9 }, (_, index) => variable(`v${index}`, 4));
  expect(formatReport({ ...report, variables: many }).match(/float32\[1\]/g)).toHaveLength(5);
});

it('a dry run says that nothing was written', () => {
  const text = formatReport({ ...report, out: undefined });
  expect(text).toMatch(/^Would freeze 2 variables/);
  expect(text).toContain('  frozen   (dry run: nothing written), 1.2 MB');
});

it('a model without variables has no checkpoint', () => {
  const none = { ...report, variables: [], checkpoint: undefined };
  expect(formatReport(none)).toMatch(/^Froze a model without variables\n {2}graph /);
});

it('of a SavedModel, says what its loader does', () => {
  const assets = [{ tensor: 'path:0', file: 'saved/assets/words.txt', exists: true }];
  const text = formatReport({ ...report, layout: 'saved-model', assets, tableInitializers: ['fill'] });
  expect(text).toMatch(
    /\n {2}asset {4}path:0 stands for saved\/assets\/words\.txt: its copy comes along\n {2}tables {3}are filled by the loader, which runs: fill$/,
  );
});

it('variables that the lists keep are named', () => {
  expect(formatReport({ ...report, keptVariables: ['a', 'b'] })).toMatch(
    /\n {2}kept {5}2 as variables, as the lists say: a, b$/,
  );
});

it('so are those that no rule for weights can change', () => {
  expect(formatReport({ ...report, unchangedWeights: ['step', 'scalar'] })).toContain(
    "\n  exact    2 that rules for weights match can only stay as they are: 'step', 'scalar'\n",
  );
  expect(formatReport(report)).not.toContain('exact');
});

it('a signature says what to feed and to fetch, and what is no longer there', () => {
  const plain = { part: '', dtype: 'float32', shape: [-1, 3], kept: true };
  const inputs = [
    { ...plain, name: 'x', tensor: 'x_1:0' },
    { ...plain, name: 'ids', part: 'values', tensor: 'v:0', dtype: 'int64', shape: undefined },
    { ...plain, name: 'training', tensor: 't:0', dtype: 'bool', shape: [], kept: false },
  ];
  const signature = { name: 'serving_default', inputs, outputs: [{ ...plain, name: 'y', tensor: 'call:1' }] };
  expect(
    formatReport({ ...report, signature })
      .split('\n')
      .slice(-5),
  ).toEqual([
    '  signature serving_default',
    '           feed  x: x_1:0 float32[?, 3]',
    '           feed  ids (values): v:0 int64 of any shape',
    '           feed  training: t:0 bool[], which the outputs do not need: it is not in the frozen graph',
    '           fetch y: call:1 float32[?, 3]',
  ]);
});

it('an asset is named with its file, missing or not', () => {
  const assets = [
    { tensor: 'a:0', file: 'saved/assets/a.txt', exists: true },
    { tensor: 'b:0', file: 'saved/assets/b.txt', exists: false },
  ];
  expect(
    formatReport({ ...report, assets })
      .split('\n')
      .slice(-2),
  ).toEqual([
    "  asset    a:0 stands for saved/assets/a.txt: feed it with the file's path where the graph runs",
    "  asset    b:0 stands for saved/assets/b.txt, which is missing: feed it with the file's path where the graph runs",
  ]);
});

describe('bytes', () => {
  const cases: readonly [bytes: number, text: string][] = [
    [0, '0 bytes'],
    [1, '1 bytes'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [1_250_000, '1.3 MB'],
    [2_147_483_647, '2.1 GB'],
    [5e12, '5.0 TB'],
    [5e15, '5000.0 TB'],
  ];
  for (const [bytes, text] of cases) it(text, () => expect(formatBytes(bytes)).toBe(text));
  it('just below a unit do not read as 1000 of the one before', () => expect(formatBytes(999_999)).toBe('1.0 MB'));
});

it('writes that were left out, what fills tables, and values of initialisers are named', () => {
  const text = formatReport({
    ...report,
    variables: [{ ...variable('small', 4), key: undefined }],
    droppedWrites: ['set', 'count'],
    tableInitializers: ['fill'],
  });
  expect(text.split('\n').slice(-3)).toEqual([
    '  largest  small float32[1] 4 bytes, from an initialiser',
    '  writes   2 left out, their results kept: set, count',
    '  tables   are filled by running, once and first: fill',
  ]);
});
