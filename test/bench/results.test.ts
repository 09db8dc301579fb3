import { describe, expect, it } from 'vitest';
import { outcomes } from '../../bench/report/goals.mjs';
import { resultsPage } from '../../bench/report/results.mjs';
import { resultsPlot } from '../../bench/report/results-plot.mjs';
import { table } from '../../bench/report/text.mjs';

interface Measured {
  readonly anonymous?: number;
  readonly weights?: number;
}

function row(what: string, seconds: readonly number[], { anonymous = 17e6, weights }: Measured = {}) {
  const runs = seconds.map((each) => ({ seconds: each, anonymous, resident: 60e6 }));
  return { what, runs, verified: undefined, weights };
}

function size(weights: number, ...rows: ReturnType<typeof row>[]) {
  return { part: 'size', title: `${weights / 1e9} GB`, weights, rows };
}

const oneGigabyte = size(
  1e9,
  row('cp', [0.3, 0.4, 0.2]),
  row('permafrost', [0.15, 0.3, 0.25]),
  row('TensorFlow', [12, 18], { anonymous: 4.2e9 }),
);
const run = { machine: ['a machine'], minutes: 3.4, command: 'npm run bench' };

describe('the goals', () => {
  it('are held against the ratios of pairs', () => {
    // Ours to cp: 0.5, 0.75, 1.25. TensorFlow to ours: 80, 60.
    expect(outcomes([oneGigabyte])).toEqual([
      { goal: '1 GB: at most the time of `cp`', measured: '0.75 of it', isMet: true },
      { goal: '1 GB: 40 times as fast as TensorFlow', measured: '70.0 times', isMet: true },
      { goal: '1 GB, permafrost: at most 120 MB anonymous', measured: '17 MB', isMet: true },
    ]);
  });

  it('can be missed', () => {
    const slow = size(1.9e9, row('cp', [0.5]), row('permafrost', [0.51], { anonymous: 121e6 }));
    const nodes = { part: 'nodes', title: 'nodes', weights: 1, rows: [row('empty', [0.1]), row('permafrost', [0.61])] };
    const demo = { part: 'demo', title: 'demo', weights: 1, rows: [row('empty', [0.1]), row('permafrost', [0.16])] };
    expect(outcomes([slow, nodes, demo]).map(({ isMet }) => isMet)).toEqual([false, false, false, false]);
  });

  it('of other types count the bytes that are written', () => {
    const rows = [
      row('permafrost', [0.2], { weights: 100 }),
      row('permafrost --weights float16', [0.12], { weights: 50 }),
      row('permafrost --weights int8', [0.15], { weights: 50 }),
    ];
    // 500 bytes a second; then 416.7 and 333.3.
    expect(outcomes([{ part: 'weights', title: '', weights: 100, rows }])).toMatchObject([
      { measured: '0.83 times', isMet: true },
      { measured: '0.67 times', isMet: false },
    ]);
  });

  it('of time against bytes are held against the line through the sizes', () => {
    const verdict = (...seconds: readonly number[]) =>
      outcomes(seconds.map((each, index) => size((index + 1) * 1e8, row('cp', [1]), row('permafrost', [each]))))
        .filter(({ goal }) => goal.startsWith('time linear'))
        .map(({ measured, isMet }) => ({ measured, isMet }));
    expect(verdict(1, 2, 3)).toEqual([{ measured: '0.0 %', isMet: true }]);
    // Off by 1/6, 1/3 and 1/6 of a second; then by 1/3, 2/3 and 1/3; then by 1, 2 and 1.
    expect(verdict(1, 4, 6)).toEqual([{ measured: '5.6 %', isMet: true }]);
    expect(verdict(1, 3, 7)).toEqual([{ measured: '9.5 %', isMet: true }]);
    expect(verdict(1, 1, 7)).toEqual([{ measured: '28.6 %', isMet: false }]);
    expect(verdict(1, 4)).toEqual([]);
  });

  it('of running freezes are for the worst run', () => {
    const running = (...seconds: readonly number[]) =>
      outcomes([{ part: 'running', title: 'Abort', weights: 1, rows: [row('permafrost, abort', seconds)] }]);
    expect(running(0.01, 0.05, 0.02)).toMatchObject([{ measured: '0.050 s', isMet: true }]);
    expect(running(0.01, 0.01, 0.051)).toMatchObject([{ measured: '0.051 s', isMet: false }]);
    // What was not printed is no number.
    expect(running(0.01, Number.NaN)).toMatchObject([{ isMet: false }]);
  });

  it('say nothing of what was not measured', () => {
    expect(
      outcomes([{ part: 'shards', title: '', weights: 1, rows: [row('cp', [1]), row('permafrost', [2])] }]),
    ).toEqual([]);
  });
});

describe('the page', () => {
  it('has medians, ranges, ratios and memory of each', () => {
    const page = resultsPage([oneGigabyte], run);
    const cells = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const of = (what: string) => cells.find(([, first]) => first === what)?.slice(1, -1);
    expect(of('cp')).toEqual(['cp', '3', '0.300', '0.200–0.400', '', '17 MB', '60 MB']);
    expect(of('permafrost')).toEqual(['permafrost', '3', '0.250', '0.150–0.300', '0.75 (0.50–1.25)', '17 MB', '60 MB']);
    expect(of('TensorFlow')?.slice(0, 5)).toEqual([
      'TensorFlow',
      '2',
      '15.000',
      '12.000–18.000',
      '42.50 (40.00–45.00)',
    ]);
    expect(page).toContain('TensorFlow takes 70.00 (60.00–80.00) times as long as permafrost.');
    expect(page).toContain('`npm run bench`, 3 minutes:\n\n- a machine\n');
  });

  it('shows how far the sizes are off a line', () => {
    const at = (gigabytes: number, seconds: number) =>
      size(gigabytes * 1e9, row('cp', [1]), row('permafrost', [seconds]));
    const huge = { ...size(20e9, row('cp', [1]), row('permafrost --layout mmap', [50])), part: 'huge' };
    const page = resultsPage([at(1, 1), at(2, 4), at(3, 6), huge], run);
    // As in the test of the line itself: -4/3 + 5/2 x.
    expect(page).toContain('-1.333 s + 2.500 s for each GB');
    expect(page).toContain('| 2 GB    | permafrost               | 4.000   | 3.667       | 8.3 %   |');
    expect(page).toContain('| 20 GB   | permafrost --layout mmap | 50.000  | 48.667      | 2.7 %   |');
    expect(resultsPage([at(1, 1), at(2, 4)], run)).not.toContain('least squares');
  });

  it('shows the memory that grows with the graph, for which there is no goal', () => {
    const nodes = { part: 'nodes', title: 'Many', weights: 1, rows: [row('permafrost', [1], { anonymous: 371e6 })] };
    expect(resultsPage([nodes], run)).toContain('| Many  | 371 MB         |');
    expect(resultsPage([oneGigabyte], run)).not.toContain('Memory against the graph');
  });

  it('has tables that line up', () => {
    expect(
      table([
        ['a', 'long'],
        ['longer', 'b'],
      ]),
    ).toEqual(['| a      | long |', '| ------ | ---- |', '| longer | b    |']);
  });
});

describe('the plot of the results', () => {
  it('shows time of all and memory of those that hold any', () => {
    const plot = resultsPlot([oneGigabyte, size(2e9, row('cp', [1]), row('permafrost', [2]))]) ?? '';
    expect(plot.match(/<circle/g)).toHaveLength(1 + 2);
    expect(plot.match(/<rect/g)).toHaveLength(1 + 2 + 2);
    expect(plot.match(/<path/g)).toHaveLength(1 + 1 + 1);
    expect(plot).not.toContain('Open marks');
  });

  it('shows the sparse checkpoint by open marks', () => {
    const huge = { ...size(20e9, row('cp', [20]), row('permafrost --layout mmap', [15])), part: 'huge' };
    const plot = resultsPlot([oneGigabyte, huge]) ?? '';
    expect(plot.match(/class="mark open"/g)).toHaveLength(3);
    expect(plot).toContain('Open marks');
    expect(resultsPlot([huge])).toBeUndefined();
  });
});
