// What is said of several runs.

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median and both ends. */
export function summary(values) {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** Each run over the one of the same round. */
export function ratios(runs, others) {
  return summary(runs.map((run, round) => run.seconds / others[round].seconds));
}
