// Runs whole processes and measures each: wall time, and memory as Linux counts it.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

const pollInterval = 5;

/** Without what makes every Node process start slower for reasons that are the machine's own. */
const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...env } = process.env;

/**
 * @typedef {object} Run
 * @property {number} seconds from the start of the process to its end
 * @property {number | undefined} anonymous most anonymous memory seen (RssAnon), in bytes; undefined where not known
 * @property {number | undefined} resident most memory seen with the mapped files in it (VmHWM), in bytes
 */

/**
 * @param {{ command: string, args: string[] }} what
 * @returns {Promise<Run>}
 */
export function measure({ command, args }) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (text) => {
      errors += text;
    });
    const memory = {};
    const timer = setInterval(() => poll(child.pid, memory), pollInterval);
    let seconds = 0;
    child.once('exit', () => {
      seconds = (performance.now() - start) / 1000;
      clearInterval(timer);
    });
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve({ seconds, anonymous: memory.RssAnon, resident: memory.VmHWM });
      else reject(new Error(`${command} ${args.join(' ')} ended with ${status}\n${errors.slice(-2000)}`));
    });
  });
}

/** Keeps the largest values so far. The process may end at any moment, and systems without /proc have none. */
function poll(pid, memory) {
  let status = '';
  try {
    status = readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return;
  }
  for (const [, name, kilobytes] of status.matchAll(/^(RssAnon|VmHWM):\s+(\d+) kB$/gm)) {
    memory[name] = Math.max(memory[name] ?? 0, Number(kilobytes) * 1024);
  }
}

/**
 * Measures all in turn, in each round the other way round, so that whatever else the machine does hits them alike.
 * Before each run its target is removed and all that is unwritten goes to the disk.
 * @param {{ command: string, args: string[], target: string }[]} contestants
 * @returns {Promise<Run[][]>} the rounds of each
 */
export async function alternate(contestants, rounds) {
  const results = contestants.map(() => []);
  // The first round warms the page cache up and does not count.
  for (let round = 0; round <= rounds; round++) {
    const order = contestants.map((_, index) => index);
    if (round % 2 === 1) order.reverse();
    for (const index of order) {
      const run = await measureAfresh(contestants[index]);
      if (round > 0) results[index].push(run);
    }
  }
  return results;
}

export async function measureAfresh(contestant) {
  rmSync(contestant.target, { force: true });
  spawnSync('sync');
  return measure(contestant);
}
