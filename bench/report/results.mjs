// The results as a page of Markdown.
import { summary } from '../statistics.mjs';
import { outcomes } from './goals.mjs';
import { isOurs, isTensorFlow, mostOf, ratioTo, timesOf } from './rows.mjs';
import { megabytesText, ratioText, secondsText, table } from './text.mjs';
import { timeLine } from './time-line.mjs';

const method = `Whole processes, from their start to their exit, so that Node's start is in every figure. The contestants of a table take
turns, in each round the other way round; a round before them, which does not count, brings what is read into the page
cache (the sparse checkpoints go without it). After each run what it wrote is removed, and then \`sync\` waits until the
disk has nothing left to do, since files of one contestant that wait to be written slow the next one down. Within a run
nothing is synced: neither \`cp\` nor permafrost waits for the disk, and what is smaller than the page cache is measured at
the speed of memory.

\`cp\` copies the checkpoint's data files, \`cp --sparse=never\` the sparse ones. Seconds are medians; the range is from the
fastest to the slowest run. A ratio is the median of the ratios of the same rounds, with its range. TensorFlow is
\`python -m tensorflow.python.tools.freeze_graph\`; it takes part in fewer rounds.

Of a program that freezes with the API (longest stall, abort) the seconds are what it has measured itself: the largest delay
of its event loop between two ticks a millisecond apart, and the time from \`abort()\` to the rejection, at another moment of
the freeze in each round. The goals for them are for the worst run.

Weights in other types are compared by the bytes that are written: of 32 bits read, float16 and bfloat16 write 16, and int8
8, after the largest of each channel was found in a pass of its own.

Peak anonymous memory is the largest \`RssAnon\` of any run that was seen in \`/proc/PID/status\`, read every 5 ms: a peak
shorter than that may be missed. Peak resident memory is \`VmHWM\`, which misses nothing, and which counts the pages of
mapped files too.

What permafrost and TensorFlow write is verified once a case: as a single file against a SHA-256 that is known from how
the model was made; in other layouts and other types by its size and by the first bytes of its tensors, for int8 by its
size alone.`;

/**
 * @param {readonly import('./rows.mjs').Result[]} results
 * @param {{ machine: readonly string[], minutes: number, command: string }} run
 */
export function resultsPage(results, { machine, minutes, command }) {
  const lines = [
    '# Benchmarks',
    '',
    `\`${command}\`, ${minutes.toFixed(0)} minutes:`,
    '',
    ...machine.map((line) => `- ${line}`),
  ];
  lines.push(...goals(results), ...picture(results), ...linearity(results), ...memoryOfGraphs(results));
  lines.push('', '## How it is measured', '', method, ...results.flatMap(section));
  return `${lines.join('\n')}\n`;
}

function goals(results) {
  const rows = outcomes(results).map(({ goal, measured, isMet }) => [goal, measured, isMet ? 'yes' : '**no**']);
  return rows.length === 0 ? [] : ['', '## Goals', '', ...table([['goal', 'measured', 'met'], ...rows])];
}

function picture(results) {
  return results.some(({ part }) => part === 'size') ? ['', '![Time and memory against size](results.svg)'] : [];
}

/** How far the times of the sizes are off a line, and those of the sparse checkpoints off the same. */
function linearity(results) {
  const fitted = timeLine(results);
  if (!fitted) return [];
  const { intercept, slope, sizes, huge } = fitted;
  const line = `${intercept.toFixed(3)} s + ${slope.toFixed(3)} s for each GB`;
  const row = ({ what, x, y }) => {
    const expected = intercept + slope * x;
    return [`${x} GB`, what, secondsText(y), secondsText(expected), `${((100 * (y - expected)) / y).toFixed(1)} %`];
  };
  return [
    '',
    '## Time against bytes',
    '',
    `The line of least squares through the medians of the sizes is ${line}. The sparse checkpoints are not part of it: they`,
    'are larger than what may wait in the page cache, so the disk has its say.',
    '',
    ...table([['weights', 'what', 'seconds', 'on the line', 'off it'], ...[...sizes, ...huge].map(row)]),
  ];
}

/** What has no goal, and is no secret either. */
function memoryOfGraphs(results) {
  const rows = results
    .filter(({ part }) => part === 'variables' || part === 'nodes')
    .flatMap(({ title, rows }) => rows.filter(isOurs).map((row) => [title, megabytesText(mostOf(row, 'anonymous'))]));
  if (rows.length === 0) return [];
  return [
    '',
    '## Memory against the graph',
    '',
    'The goals for memory are for the bytes of weights. Graph and index are held whole, so memory grows with the number of nodes',
    'and variables, and has no goal there.',
    '',
    ...table([['model', 'peak anonymous'], ...rows]),
  ];
}

function section({ title, rows }) {
  const [first] = rows;
  const byWeights = first.weights === undefined ? '' : ', a byte';
  const heads = [
    'what',
    'rounds',
    'seconds',
    'range',
    `times ${first.what}${byWeights}`,
    'peak anonymous',
    'peak resident',
  ];
  const cells = rows.map((row) => {
    const times = timesOf(row);
    const { median, least, most } = summary(times);
    return [
      row.what,
      String(times.length),
      secondsText(median),
      `${secondsText(least)}–${secondsText(most)}`,
      row === first ? '' : ratioText(ratioTo(row, first)),
      megabytesText(mostOf(row, 'anonymous')),
      megabytesText(mostOf(row, 'resident')),
    ];
  });
  return ['', `## ${title}`, '', ...table([heads, ...cells]), ...againstTensorFlow(rows), ...verified(rows)];
}

function againstTensorFlow(rows) {
  const theirs = rows.find(isTensorFlow);
  const ours = rows.find(isOurs);
  return theirs && ours
    ? ['', `TensorFlow takes ${ratioText(ratioTo(theirs, ours))} times as long as permafrost.`]
    : [];
}

function verified(rows) {
  const seen = rows.flatMap(({ what, verified }) => (verified ? [`${what}: ${verified}`] : []));
  return seen.length === 0 ? [] : ['', `Verified: ${seen.join('; ')}.`];
}
