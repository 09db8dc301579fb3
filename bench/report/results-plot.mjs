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
    title: 'Time and peak anonymous memory of cp, permafrost and TensorFlow against the size of the checkpoint',
    xTitle: 'checkpoint (GB)',
    note: hasHuge ? 'Open marks: the sparse checkpoint, which is larger than one GraphDef may be' : '',
    panels: [
      { title: 'Whole process (s), median and range', series: series(shown, timePoint) },
      { title: 'Peak anonymous memory (MB)', series: series(shown, memoryPoint) },
    ],
  });
}

/** Of the first row of each name in a case. */
function series(shown, toPoint) {
  return names.flatMap(({ name, isRow }) => {
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

/** A tool that has less than a page or was never seen has no place on a logarithmic axis. */
function memoryPoint(row) {
  const peak = mostOf(row, 'anonymous');
  return peak ? { y: peak / 1e6 } : undefined;
}
