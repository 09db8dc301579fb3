import { describe, expect, it } from 'vitest';
import { fitLine, median, ratios, summary } from '../../bench/statistics.mjs';

describe('several runs', () => {
  it('have a median that outliers do not move', () => {
    expect(median([9, 1, 2])).toBe(2);
    expect(median([4, 1, 100, 2])).toBe(3);
    expect(median([7])).toBe(7);
  });

  it('are summed up by median and range, and stay in their order', () => {
    const values = [3, 1, 10];
    expect(summary(values)).toEqual({ median: 3, least: 1, most: 10 });
    expect(values).toEqual([3, 1, 10]);
  });

  it('are compared round by round, and not median by median', () => {
    // 2, 4 and 1 times; the medians alone would say 2 / 2.
    expect(ratios([2, 8, 2], [1, 2, 2])).toEqual({ median: 2, least: 1, most: 4 });
  });

  it('are compared only in rounds that both took part in', () => {
    expect(ratios([undefined, 6, 9], [1, 2, undefined])).toEqual({ median: 3, least: 3, most: 3 });
    expect(ratios([undefined], [1])).toBeUndefined();
  });
});

describe('the line of least squares', () => {
  it('goes through points that lie on a line', () => {
    const points = [0, 1, 4].map((x) => ({ x, y: 2 + 3 * x }));
    const { intercept, slope, residuals } = fitLine(points);
    expect(intercept).toBeCloseTo(2, 12);
    expect(slope).toBeCloseTo(3, 12);
    for (const residual of residuals) expect(residual).toBeCloseTo(0, 12);
  });

  it('is that of the textbook for points that do not', () => {
    // By hand: mean of x 2, of y 11/3; slope ((-1)(-8/3) + 0 + (1)(7/3)) / 2 = 5/2, intercept 11/3 - 5.
    const { intercept, slope, residuals } = fitLine([
      { x: 1, y: 1 },
      { x: 2, y: 4 },
      { x: 3, y: 6 },
    ]);
    expect(slope).toBeCloseTo(5 / 2, 12);
    expect(intercept).toBeCloseTo(-4 / 3, 12);
    expect(residuals.map((residual) => 6 * residual)).toEqual([-1, 2, -1].map((sixths) => expect.closeTo(sixths, 10)));
  });
});
