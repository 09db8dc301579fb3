import { describe, expect, it } from 'vitest';
import { plotSvg } from '../../bench/report/plot.mjs';
import { logAxis, logScale } from '../../bench/report/scale.mjs';

describe('a logarithmic scale', () => {
  it('puts equal factors at equal distances', () => {
    const toX = logScale([10, 1000], [0, 200]);
    expect([10, 100, 1000].map(toX)).toEqual([0, expect.closeTo(100, 9), 200]);
    const upward = logScale([1, 8], [240, 0]);
    expect([1, 2, 4, 8].map((value) => Math.round(upward(value)))).toEqual([240, 160, 80, 0]);
  });

  it('is marked at 1, 2 and 5 of each power of ten', () => {
    const { range, ticks } = logAxis([0.1, 20]);
    expect(ticks).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10, 20]);
    expect(range).toEqual([0.1 / 1.3, 26]);
  });

  it('is marked at the powers alone where there are many', () => {
    expect(logAxis([0.01, 9000]).ticks).toEqual([0.01, 0.1, 1, 10, 100, 1000, 10_000]);
  });
});

describe('a plot', () => {
  const series = (
    name: string,
    points: { x: number; y: number; least?: number; most?: number; isOpen?: boolean }[],
  ) => {
    return { name, points };
  };
  const panel = {
    title: 'time <s>',
    series: [series('a', [{ x: 1, y: 1 }]), series('b', [{ x: 100, y: 100, least: 10, most: 100, isOpen: true }])],
  };
  const svg = plotSvg({ title: 'a & b', xTitle: 'size (GB)', panels: [panel] });

  it('has each point in its place', () => {
    // From 1 / 1.3 to 130 on 340 and 240 units: 1 lies at ln 1.3 / ln 169 = 0.05114 of each axis.
    expect(svg).toContain('<circle class="mark" cx="17.4" cy="227.7" r="4"/>');
    expect(svg).toContain('<rect class="mark open" x="319.1" y="8.8" width="7" height="7"/>');
  });

  it('has the range of a point as a bar', () => {
    // 10 is half way up.
    expect(svg).toContain('<line class="line" x1="322.6" y1="120" x2="322.6" y2="12.3"/>');
    expect(svg.match(/<line class="line"/g)).toHaveLength(1);
  });

  it('joins the points of a series that are alike', () => {
    expect(svg).not.toContain('<polyline');
    const two = series('a', [
      { x: 1, y: 1 },
      { x: 100, y: 100 },
      { x: 50, y: 50, isOpen: true },
    ]);
    const joined = plotSvg({ title: '', xTitle: '', panels: [{ title: '', series: [two] }] });
    expect(joined).toContain('<polyline class="line" points="17.4,227.7 322.6,12.3"/>');
  });

  it('names its axes and series, and is read on dark ground too', () => {
    for (const text of ['time &lt;s>', 'size (GB)', '>a</text>', '>b</text>', 'aria-label="a &amp; b"'])
      expect(svg).toContain(text);
    expect(svg).toContain('prefers-color-scheme: dark');
  });
});
