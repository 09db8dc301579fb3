// What is said of several runs.

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Median and both ends.
 * @param {readonly number[]} values
 */
export function summary(values) {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/**
 * Each value over the other of its round, where there are both; undefined where there are no two.
 * @param {readonly (number | undefined)[]} values
 * @param {readonly (number | undefined)[]} others
 */
export function ratios(values, others) {
  const both = values.flatMap((value, round) => {
    const other = others[round];
    return value === undefined || other === undefined ? [] : [value / other];
  });
  return both.length === 0 ? undefined : summary(both);
}

/**
 * The line `intercept + slope * x` with the least squares of what each point is off it, and that.
 * @param {readonly { x: number, y: number }[]} points at two places at least
 */
export function fitLine(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const x = mean((point) => point.x);
  const y = mean((point) => point.y);
  const slope = mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2);
  const intercept = y - slope * x;
  return { intercept, slope, residuals: points.map((point) => point.y - (intercept + slope * point.x)) };
}
