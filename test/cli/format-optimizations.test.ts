import { expect, it } from 'vitest';
import { formatOptimizations } from '../../src/cli/format-optimizations.js';

const report = {
  name: 'batch-norm',
  nodesBefore: 9,
  nodesAfter: 7,
  counts: [{ op: 'Mul', before: 2, after: 0 }],
} as const;

it('counts what changed and what stays, and tells of the first of each', () => {
  const nodes = Array.from({ length: 6 }, (_, index) => ({ node: `n${index}`, text: 'is folded' }));
  const left = [{ node: 'm', text: 'is not folded' }];
  expect(formatOptimizations([{ ...report, changes: nodes, left }])).toEqual([
    '  optimised batch-norm: 6 changed, from 9 nodes to 7 (Mul 2 to 0)',
    ...nodes.slice(0, 5).map(({ node }) => `           ${node}: is folded`),
    '           and 1 more',
    '  optimised batch-norm: 1 left',
    '           m: is not folded',
  ]);
});

it('says nothing of what stays where nothing does', () => {
  expect(formatOptimizations([{ ...report, changes: [], left: [] }])).toEqual([
    '  optimised batch-norm: 0 changed, from 9 nodes to 7 (Mul 2 to 0)',
  ]);
});
