import { describe, expect, it } from 'vitest';
import { formatBytes, formatReport } from '../../src/cli/format-report.js';
import type { FreezeReport, FrozenVariable } from '../../src/index.js';

function variable(name: string, bytes: number, key = name): FrozenVariable {
  return { name, key, dtype: 'float32', shape: [bytes / 4], bytes };
}

const report: FreezeReport = {
  graph: 'graph.pb',
  graphKind: 'a binary GraphDef',
  checkpoint: 'model.ckpt-200',
  outputs: ['y', 'z'],
  out: 'frozen.pb',
  bytes: 1_234_567,
  nodesBefore: 100,
  nodesAfter: 10,
  variables: [variable('small', 4), variable('large', 1_200_000, 'large/ExponentialMovingAverage')],
  keptVariables: [],
  droppedWrites: [],
  tableInitializers: [],
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

it('no more than five variables are listed', () => {
  const many = Array.from({ length: 9 }, (_, index) => variable(`v${index}`, 4));
  expect(formatReport({ ...report, variables: many }).match(/float32\[1\]/g)).toHaveLength(5);
});

it('a dry run says that nothing was written', () => {
  const text = formatReport({ ...report, out: undefined });
  expect(text).toMatch(/^Would freeze 2 variables/);
  expect(text).toContain('  frozen   (dry run: nothing written), 1.2 MB');
});

it('variables that the lists keep are named', () => {
  expect(formatReport({ ...report, keptVariables: ['a', 'b'] })).toMatch(
    /\n {2}kept {5}2 as variables, as the lists say: a, b$/,
  );
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
