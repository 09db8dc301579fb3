// What the runs of a row say together.
import { median, ratios } from '../statistics.mjs';

/**
 * @typedef {import('../measuring/alternate.mjs').Row} Row
 *
 * A case that was measured; `weights` are the bytes of its model's.
 * @typedef {{ part: string, title: string, weights: number | undefined, rows: Row[] }} Result
 */

export const isOurs = ({ what }) => what.startsWith('permafrost');
export const isTensorFlow = ({ what }) => what === 'TensorFlow';

/** Seconds of each round, undefined where the row did not take part. */
export function secondsOf({ runs }) {
  return Array.from(runs, (run) => run?.seconds);
}

/** Seconds of the rounds that there were. */
export function timesOf(row) {
  return secondsOf(row).filter((seconds) => seconds !== undefined);
}

/** How many times as long as the other it takes, by pairs; for each byte that is written, where that was asked for. */
export function ratioTo(row, other) {
  const cost = (of) => secondsOf(of).map((seconds) => seconds && seconds / (of.weights ?? 1));
  return ratios(cost(row), cost(other));
}

export function medianOf(row) {
  return median(timesOf(row));
}

/** The most of all runs: undefined where it is not known. */
export function mostOf({ runs }, what) {
  const values = Array.from(runs, (run) => run?.[what]).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : Math.max(...values);
}
