// Freezes in a process of its own. What strangers upload may be made to take all the time and memory that there is, and a process
// can be ended whatever it is at, with all that it has.
import { fork } from 'node:child_process';
import { PermafrostError } from 'permafrost';

const program = new URL('apart-program.mjs', import.meta.url);

/** With these the engine, and the system, end a process that takes more memory than there is. */
const outOfMemory = new Set(['SIGABRT', 'SIGTRAP', 'SIGKILL']);

/**
 * As `freeze`. The report has just what can be of use here.
 * @param heap megabytes that the engine may take for objects.
 */
export async function freezeApart({ signal, onProgress, heap, ...options }) {
  const execArgv = [`--max-old-space-size=${heap}`];
  const child = fork(program, { execArgv, signal, killSignal: 'SIGKILL', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let outcome = {};
  child.on('message', ({ progress, ...rest }) => {
    if (progress) onProgress(progress);
    else outcome = rest;
  });
  child.send(options, () => {});
  // Also of one that is ended early: until it is gone, it may write to the folder.
  const [code, by] = await new Promise((resolve, reject) => {
    child.once('exit', (...how) => resolve(how));
    child.once('error', (error) => child.pid === undefined && reject(error));
  });
  const { report, failure } = outcome;
  if (report) return report;
  if (failure) throw failure.code ? new PermafrostError(failure.code, failure.message) : new Error(failure.message);
  if (signal.aborted) throw new PermafrostError('ABORTED', 'The freeze was aborted.');
  if (outOfMemory.has(by)) throw new PermafrostError('OUT_OF_MEMORY', `The process of a freeze was ended by ${by}.`);
  throw new Error(`The process of a freeze ended with ${by ?? code}.`);
}
