// Time and memory against size, of the parts `size` and `huge`.
import { summary } from '../statistics.mjs';
import { plotSvg } from './plot.mjs';
import { isOurs, isTensorFlow, mostOf, timesOf } from './rows.mjs';

const names = [
  { name: 'cp', isRow: ({ what }) => what === 'cp' },
  { name: 'permafrost', isRow: isOurs },
  { name: 'TensorFlow', isRow: isTensorFlow },
];

/**
 * @param {readonly import('./rows.mjs').Result[]} results
 * @returns {string | undefined} SVG; undefined where the sizes were not measured
 */
export function resultsPlot(results) {
  const shown = results.filter(({ part }) => part === 'size' || part === 'huge');
  if (!shown.some(({ part }) => part === 'size')) return undefined;
  const hasHuge = shown.some(({ part }) => part === 'huge');
  return plotSvg({
    title: 'Time of cp, permafrost and TensorFlow and peak anonymous memory against the size of the checkpoint',
    xTitle: 'checkpoint (GB)',
    note: hasHuge ? 'Open marks: sparse checkpoints, which are larger than one GraphDef may be; layout mmap' : '',
    panels: [
      { title: 'Whole process (s), median and range', series: series(shown, names, timePoint) },
      // Without cp, which holds a buffer and nothing else.
      { title: 'Peak anonymous memory (MB)', series: series(shown, names.slice(1), memoryPoint) },
    ],
  });
}

/** Of the first row of each name in a case. */
function series(shown, wanted, toPoint) {
  return wanted.flatMap(({ name, isRow }) => {
    const points = shown.flatMap(({ part, weights, rows }) => {
      const row = rows.find(isRow);
      const point = row && toPoint(row);
      return point ? [{ x: weights / 1e9, ...point, isOpen: part === 'huge' }] : [];
    });
    return points.length > 0 ? [{ name, points }] : [];
  });
}

function timePoint(row) {
  const { median, least, most } = summary(timesOf(row));
  return { y: median, least, most };
}

/** What is not known has no place in the plot. */
function memoryPoint(row) {
  const peak = mostOf(row, 'anonymous');
  return peak ? { y: peak / 1e6 } : undefined;
}
