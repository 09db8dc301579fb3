// Measures contestants in turns, each from the same start.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { runProcess } from './run-process.mjs';

/**
 * @typedef {object} Row
 * @property {string} what
 * @property {(import('./run-process.mjs').Run | undefined)[]} runs by round; undefined where it did not take part
 * @property {string | undefined} verified
 * @property {number | undefined} weights
 */

/**
 * Measures all in turn, in each round the other way round, so that whatever else the machine does hits them alike. The
 * first files of each are verified.
 * @param {readonly import('./contestants.mjs').Contestant[]} contestants
 * @param {{ rounds: number, warmUp?: boolean, folder: string }} options `warmUp`: a round before them that brings files into
 * the page cache and does not count, default true; `folder` for the files, gone at the end
 * @returns {Promise<Row[]>}
 */
export async function alternate(contestants, { rounds, warmUp = true, folder }) {
  const rows = contestants.map(({ what, weights }) => ({
    what,
    weights,
    runs: new Array(rounds),
    verified: undefined,
  }));
  try {
    for (let round = warmUp ? -1 : 0; round < rounds; round++) {
      const turns = contestants.map((contestant, index) => ({ contestant, row: rows[index] }));
      if (round % 2 !== 0) turns.reverse();
      for (const { contestant, row } of turns) {
        const { rounds: limit, verify } = contestant;
        if (limit !== undefined && (round < 0 || round >= limit)) continue;
        const run = await runAfresh(contestant, folder);
        if (verify) row.verified ??= verify(folder);
        if (round >= 0) row.runs[round] = run;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

/** What the run before wrote is removed, and the disk has nothing left to do for it. */
async function runAfresh({ command, printsSeconds }, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  spawnSync('sync');
  const [program, ...args] = command(folder);
  return runProcess(program, args, { printsSeconds });
}
