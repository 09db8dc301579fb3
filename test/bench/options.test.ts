import { describe, expect, it } from 'vitest';
import { neededSpace, requireSpace } from '../../bench/disk-space.mjs';
import { readOptions } from '../../bench/options.mjs';
import { parts } from '../../bench/parts.mjs';

const known = ['size', 'threads', 'demo'];

describe('the options', () => {
  it('are all parts where none is named', () => {
    expect(readOptions([], known)).toEqual({ help: false, quick: false, only: known });
  });

  it('name parts in the order in which they are measured', () => {
    expect(readOptions(['--quick', '--only', 'demo,size', '--only=size'], known)).toEqual({
      help: false,
      quick: true,
      only: ['size', 'demo'],
    });
  });

  it('are refused with what there is', () => {
    expect(() => readOptions(['--only', 'sizes'], known)).toThrow(
      "There is no part 'sizes'. The parts are size, threads, demo.",
    );
    expect(() => readOptions(['--fast'], known)).toThrow(/--fast/);
    expect(() => readOptions(['size'], known)).toThrow(/size/);
  });
});

describe('the space on the disk', () => {
  const model = (name: string, disk: number) => ({ name, bytes: 0, disk, make: () => ({ nodes: [], tensors: [] }) });
  const measured = (models: ReturnType<typeof model>[], written: number) => {
    return { title: '', models, contestants: () => [], rounds: 1, written };
  };

  it('is that of each model once and of the largest output', () => {
    const cases = [measured([model('a', 10), model('b', 20)], 7), measured([model('a', 10)], 9), measured([], 3)];
    expect(neededSpace(cases, () => false)).toBe(10 + 20 + 9);
    expect(neededSpace(cases, ({ name }) => name === 'b')).toBe(10 + 9);
  });

  it('is refused where there is too little, with both numbers', () => {
    expect(() => requireSpace(26.34e9, 12e9, '/build')).toThrow(
      'The benchmarks need 26.3 GB free for models and outputs, and /build has 12.0 GB.',
    );
    expect(() => requireSpace(12e9, 12e9, '/build')).not.toThrow();
  });

  it('of all parts is known before anything is made', () => {
    const all = (quick: boolean) =>
      Object.values(parts).flatMap((part) => part.cases({ quick, tensorflow: undefined }));
    // By hand: 0.1 + 0.475 + 0.5 + 0.95 + 1 + 1.9 GB of sizes and types, 5 times 0.1 of variables, 4 times 0.2 of shards,
    // 0.2 of graphs and indexes, and an output of 20 GB.
    expect(neededSpace(all(false), () => false) / 1e9).toBeCloseTo(4.925 + 0.5 + 0.8 + 0.2 + 20, 0);
    expect(neededSpace(all(true), () => false) / 1e9).toBeLessThan(6);
  });
});
