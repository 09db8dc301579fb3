// Configuring and building the core without Node.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { run } from './run.mjs';

/** How many jobs are at work at once, as CMake and CTest take it. */
export const jobs = String(availableParallelism());

/**
 * With Ninja where it is installed, and every warning an error. A dozen files are compiled as one: most of the time goes
 * into headers of the standard library and templates of it, which each file has anew. `-DCMAKE_UNITY_BUILD=OFF` among the
 * options undoes that.
 */
export function configure(folder, ...options) {
  const generator = spawnSync('ninja', ['--version']).status === 0 ? ['-G', 'Ninja'] : [];
  const together = ['-DCMAKE_UNITY_BUILD=ON', '-DCMAKE_UNITY_BUILD_BATCH_SIZE=12'];
  run('cmake', ['-S', '.', '-B', folder, ...generator, ...together, '-DPERMAFROST_WERROR=ON', ...options]);
}

export function build(folder, ...options) {
  run('cmake', ['--build', folder, '--parallel', jobs, ...options]);
}
