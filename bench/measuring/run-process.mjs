// Runs a whole process and measures it: wall time, and memory as Linux counts it.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Milliseconds. */
const pollInterval = 5;

/** Without what makes every Node process start slower for reasons that are the machine's own. */
const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...env } = process.env;

/**
 * @typedef {object} Run
 * @property {number} seconds from the start of the process to its end, or what it has measured itself
 * @property {number | undefined} anonymous most anonymous memory seen (RssAnon), in bytes; undefined where not known
 * @property {number | undefined} resident most memory at any time, pages of mapped files too (VmHWM), in bytes
 */

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ printsSeconds?: boolean }} [options] whether it prints the seconds that count; default: no
 * @returns {Promise<Run>}
 * @throws {Error} with the end of what the process said, if it did not end well
 */
export function runProcess(command, args, { printsSeconds = false } = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { env, stdio: ['ignore', printsSeconds ? 'pipe' : 'ignore', 'pipe'] });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    let errors = '';
    child.stderr.on('data', (text) => {
      errors = (errors + text).slice(-2000);
    });
    let printed = '';
    child.stdout?.on('data', (text) => {
      printed += text;
    });
    const memory = {};
    const timer = setInterval(() => poll(child.pid, memory), pollInterval);
    let seconds = 0;
    child.once('exit', () => {
      seconds = (performance.now() - start) / 1000;
    });
    const measured = () => (printsSeconds ? Number.parseFloat(printed) : seconds);
    const settle = () => {
      clearInterval(timer);
      process.off('exit', kill);
    };
    child.once('error', (error) => {
      settle();
      reject(new Error(`cannot run ${command} (${error.message})`));
    });
    child.once('close', (status, signal) => {
      settle();
      if (status === 0) resolve({ seconds: measured(), anonymous: memory.RssAnon, resident: memory.VmHWM });
      else reject(new Error(`${[command, ...args].join(' ')} ended with ${signal ?? status}\n${errors}`));
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
