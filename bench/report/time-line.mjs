// The line that times lie on, where they grow with the bytes.
import { fitLine } from '../statistics.mjs';
import { isOurs, medianOf } from './rows.mjs';

/**
 * Where the sizes and the sparse checkpoints lie, in GB and seconds, and the line through the sizes alone.
 * @param {readonly import('./rows.mjs').Result[]} results
 * @returns undefined where fewer than three sizes were measured
 */
export function timeLine(results) {
  const points = (part) => results.filter((result) => result.part === part).map(pointOf);
  const sizes = points('size');
  if (sizes.length < 3) return undefined;
  return { ...fitLine(sizes), sizes, huge: points('huge') };
}

function pointOf({ weights, rows }) {
  const row = rows.find(isOurs);
  return { what: row.what, x: weights / 1e9, y: medianOf(row) };
}
