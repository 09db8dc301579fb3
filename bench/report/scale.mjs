// Logarithmic axes.

/**
 * From values to places on an axis of the picture, by the logarithm.
 * @param {readonly [number, number]} values the least and the most, above 0
 * @param {readonly [number, number]} places of them
 * @returns {(value: number) => number}
 */
export function logScale([least, most], [start, end]) {
  const span = Math.log(most / least);
  return (value) => start + ((end - start) * Math.log(value / least)) / span;
}

/** No more marks than can be read. */
const mostTicks = 9;

/**
 * A little more than the values reach over, and the round numbers in it: 1, 2 and 5 of each power of ten, or the powers alone.
 * @param {readonly number[]} values above 0
 * @returns {{ range: [number, number], ticks: number[] }}
 */
export function logAxis(values) {
  const range = /** @type {[number, number]} */ ([Math.min(...values) / 1.3, Math.max(...values) * 1.3]);
  const ticks = roundNumbers(range, [1, 2, 5]);
  return { range, ticks: ticks.length <= mostTicks ? ticks : roundNumbers(range, [1]) };
}

function roundNumbers([least, most], digits) {
  const numbers = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.log10(most); power++) {
    // A division where the power is negative: 1 / 10 is nearer to a tenth than 1 * 10 ** -1 may be.
    for (const digit of digits) numbers.push(power < 0 ? digit / 10 ** -power : digit * 10 ** power);
  }
  return numbers.filter((number) => number >= least && number <= most);
}
