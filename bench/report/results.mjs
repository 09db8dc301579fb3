// The results as a Markdown table, with what they were measured on.
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import { ratios, summary } from './statistics.mjs';

const columns = ['what', 'runs', 'seconds', 'range', 'of the first, by pairs', 'peak anonymous', 'peak resident'];

/**
 * @param {{ model: object, sizes: object, rows: { what: string, runs: object[] }[], verified: string }[]} results
 * The first row of each is the yardstick.
 */
export function report(results, folder, load) {
  return [
    '# Benchmarks',
    '',
    'Whole processes, from start to exit, in turn; the page cache is warm, and the target is removed before each run.',
    "`cp` copies the checkpoint's data file. Seconds are medians. Peak anonymous memory is the largest `RssAnon` seen",
    'every 5 ms, peak resident memory is `VmHWM`, which counts the mapped pages of the checkpoint too.',
    '',
    'Reproduce with `npm run build && npm run bench`.',
    '',
    ...machine(folder, load),
    ...results.flatMap(section),
  ].join('\n');
}

function section({ model, sizes, rows, verified }) {
  const [{ runs: first }] = rows;
  const cells = rows.map(({ what, runs }) => {
    const { median, least, most } = summary(runs.map((run) => run.seconds));
    const paired = runs === first || runs.length !== first.length ? undefined : ratios(runs, first);
    return [
      what,
      String(runs.length),
      median.toFixed(3),
      `${least.toFixed(3)}–${most.toFixed(3)}`,
      paired ? `${paired.median.toFixed(2)} (${paired.least.toFixed(2)}–${paired.most.toFixed(2)})` : '',
      megabytes(runs.map((run) => run.anonymous)),
      megabytes(runs.map((run) => run.resident)),
    ];
  });
  const { graph, data, frozen } = sizes;
  return [
    '',
    `## ${model.name}`,
    '',
    `graph ${size(graph)}, checkpoint ${size(data)}, frozen ${size(frozen)}; ${verified}`,
    '',
    ...table([columns, ...cells]),
    ...againstTensorFlow(rows),
  ];
}

/** TensorFlow runs too long to take turns with, so this is a ratio of medians. */
function againstTensorFlow(rows) {
  const medianOf = (name) => {
    const row = rows.find(({ what }) => what === name);
    return row && summary(row.runs.map((run) => run.seconds)).median;
  };
  const theirs = medianOf('TensorFlow');
  return theirs === undefined
    ? []
    : ['', `TensorFlow takes ${(theirs / medianOf('permafrost')).toFixed(1)} times as long.`];
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(rows[0]), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)];
}

function megabytes(values) {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? `${(Math.max(...known) / 1e6).toFixed(0)} MB` : '';
}

function size(bytes) {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function machine(folder, load) {
  const cpus = os.cpus();
  const fileSystem = spawnSync('df', ['--output=fstype', folder], { encoding: 'utf8' })
    .stdout?.trim()
    .split('\n')
    .at(-1);
  return [
    `- ${cpus[0]?.model.trim()}, ${cpus.length} cores, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB of memory`,
    `- ${os.type()} ${os.release()} (${process.arch}), file system ${fileSystem || 'unknown'}, Node ${process.version}`,
    `- other work on the machine when it began: ${load.toFixed(1)} processes (load average)`,
  ];
}
