// What must hold, held against what was measured.
import { isOurs, isTensorFlow, medianOf, mostOf, ratioTo, timesOf } from './rows.mjs';
import { timeLine } from './time-line.mjs';

/** @typedef {{ goal: string, measured: string, isMet: boolean }} Outcome */

const mostMemory = 120e6;

/** Of the time of the largest size, how far each size may be off the line. */
const mostOffLine = 0.1;

/**
 * Only of what was measured.
 * @param {readonly import('./rows.mjs').Result[]} results
 * @returns {Outcome[]}
 */
export function outcomes(results) {
  const ofParts = results.flatMap((result) => {
    const ours = result.rows.filter(isOurs);
    switch (result.part) {
      case 'size':
        return [...ours.flatMap((row) => timeOfWeights(result, row)), ...ours.flatMap((row) => memory(result, row))];
      case 'huge':
        return ours.flatMap((row) => memory(result, row));
      case 'nodes':
        return ours.map((row) => atMost(`${result.title}: at most 0.6 s`, medianOf(row), 0.6));
      case 'placing':
        return ours.slice(1).map((row) => {
          const more = medianOf(row) - medianOf(ours[0]);
          return atMost(`${result.title}, ${row.what}: at most 0.5 s more`, more, 0.5);
        });
      case 'demo':
        return ours.map((row) => atMost(`${result.title}: at most 0.15 s`, medianOf(row), 0.15));
      case 'running':
        return ours.map((row) =>
          atMost(`${result.title}: at most 0.05 s in all runs`, Math.max(...timesOf(row)), 0.05),
        );
      case 'weights':
        return ours.slice(1).map((row) => speed(row, ours[0]));
      default:
        return [];
    }
  });
  return [...ofParts, ...linearity(results)];
}

/** Against `cp` at 1 GB and 1.9 GB, against TensorFlow at 1 GB. */
function timeOfWeights({ weights, rows }, ours) {
  if (weights !== 1e9 && weights !== 1.9e9) return [];
  const size = `${weights / 1e9} GB`;
  const toCopy = ratioTo(ours, rows[0]).median;
  const against = [
    { goal: `${size}: at most the time of \`cp\``, measured: `${toCopy.toFixed(2)} of it`, isMet: toCopy <= 1 },
  ];
  const theirs = rows.find(isTensorFlow);
  if (theirs && weights === 1e9) {
    const times = ratioTo(theirs, ours).median;
    against.push({
      goal: `${size}: 40 times as fast as TensorFlow`,
      measured: `${times.toFixed(1)} times`,
      isMet: times >= 40,
    });
  }
  return against;
}

/** A share of the largest, since a share of its own would be that of noise for the smallest. */
function linearity(results) {
  const line = timeLine(results);
  if (!line) return [];
  const off = Math.max(...line.residuals.map(Math.abs)) / Math.max(...line.sizes.map(({ y }) => y));
  return [
    {
      goal: `time linear in bytes: none of the sizes further off the line than ${100 * mostOffLine} % of the longest time`,
      measured: `${(100 * off).toFixed(1)} %`,
      isMet: off <= mostOffLine,
    },
  ];
}

function memory({ title }, row) {
  const peak = mostOf(row, 'anonymous');
  if (peak === undefined) return [];
  const goal = `${title}, ${row.what}: at most ${mostMemory / 1e6} MB anonymous`;
  return [{ goal, measured: `${(peak / 1e6).toFixed(0)} MB`, isMet: peak <= mostMemory }];
}

function atMost(goal, seconds, limit) {
  return { goal, measured: `${seconds.toFixed(3)} s`, isMet: seconds <= limit };
}

/** Of a conversion, by the bytes that are written. */
function speed(row, plain) {
  const relative = 1 / ratioTo(row, plain).median;
  const goal = `${row.what}: 0.8 times as fast as the plain copy, for each byte written`;
  return { goal, measured: `${relative.toFixed(2)} times`, isMet: relative >= 0.8 };
}
