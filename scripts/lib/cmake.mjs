// Configuring and building the core without Node.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { run } from './run.mjs';

/** How many jobs are at work at once, as CMake and CTest take it. */
export const jobs = String(availableParallelism());

/** With Ninja where it is installed, and every warning an error. */
export function configure(folder, ...options) {
  const generator = spawnSync('ninja', ['--version']).status === 0 ? ['-G', 'Ninja'] : [];
  run('cmake', ['-S', '.', '-B', folder, ...generator, '-DPERMAFROST_WERROR=ON', ...options]);
}

export function build(folder, ...options) {
  run('cmake', ['--build', folder, '--parallel', jobs, ...options]);
}
