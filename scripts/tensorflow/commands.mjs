// Runs our commands as they are built, hundreds of them in a few processes: Node takes longer to start than most of them to run.

import { fork } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');
const runner = path.join(import.meta.dirname, 'command-runner.mjs');
const TIMEOUT = 60_000;

/** Processes that have nothing to do; they end with this one. */
const idle = [];

/**
 * Runs `permafrost` or `freeze-graph` in a folder.
 * @returns `{ error, stdout }`. `error` is null, or has the command's `message` and what it `crashed` with, be it null.
 */
export function runCommand(name, args, folder) {
  const child = idle.pop() ?? fork(runner);
  hold(child, true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT);
    const settle = (outcome) => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(outcome);
    };
    child.once('message', ({ status, stdout, stderr }) => {
      settle({ error: status === 0 ? null : refusal(status, stderr), stdout });
      hold(child, false);
      idle.push(child);
    });
    // A crash is never a refusal, so it is told apart from an exit code.
    child.once('exit', (code, signal) => {
      const crashed = `crashed with ${signal ?? `exit code ${code}`}`;
      settle({ error: { crashed, message: crashed }, stdout: '' });
    });
    child.send({ command: path.join(root, 'dist', 'cli', `${name}.cjs`), args, folder });
  });
}

/** Whether this process must not end before the child. */
function hold(child, isHeld) {
  for (const handle of [child, child.channel]) {
    if (isHeld) handle.ref();
    else handle.unref();
  }
}

const refusal = (status, stderr) => ({ crashed: null, message: firstLine(stderr) ?? `exit code ${status}` });

const firstLine = (text) => text.split('\n').find((line) => line.trim() !== '');
