// What the figures were measured on.
import { spawnSync } from 'node:child_process';
import os from 'node:os';

/** Processes that ran or waited in the last minute, on average. */
export function loadNow() {
  return os.loadavg()[0];
}

/**
 * @param {object} what
 * @param {string} what.root of the repository
 * @param {string} what.folder where models and outputs are
 * @param {import('../measuring/tensorflow.mjs').TensorFlow | undefined} what.tensorflow
 * @param {number} what.load when the run began
 * @returns {string[]} lines of text
 */
export function describeMachine({ root, folder, tensorflow, load }) {
  const cpus = os.cpus();
  const [type, size] = output('df', ['--output=fstype,size', '--block-size=1GB', folder])
    .split('\n')
    .at(-1)
    .split(/\s+/);
  const commit = output('git', ['-C', root, 'rev-parse', '--short', 'HEAD']) || 'unknown';
  const isChanged = output('git', ['-C', root, 'status', '--porcelain', '--', '.', ':!bench/results.*']) !== '';
  return [
    `${cpus[0]?.model.trim()}, ${cpus.length} cores, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB of memory`,
    `${os.type()} ${os.release()} (${process.arch}), file system ${type} of ${size} GB`,
    `Node ${process.version}, ${tensorflow ? `TensorFlow ${tensorflow.version}` : 'no TensorFlow'}`,
    `${new Date().toISOString().slice(0, 10)}, commit ${commit}${isChanged ? ' with changes' : ''}`,
    `other work on the machine when it began: a load average of ${load.toFixed(1)}`,
  ];
}

/** Empty where the command is not there or fails. */
function output(command, args) {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout?.trim() ?? '';
}
