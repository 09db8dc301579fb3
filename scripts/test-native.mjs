// Builds the core without Node, with sanitizers, and runs its GoogleTests through CTest.
import { spawnSync } from 'node:child_process';
import { run } from './lib/run.mjs';

const folder = 'build/native-test';
const ninja = spawnSync('ninja', ['--version']).status === 0;

run('cmake', [
  '-S',
  '.',
  '-B',
  folder,
  ...(ninja ? ['-G', 'Ninja'] : []),
  '-DCMAKE_BUILD_TYPE=Debug',
  '-DPERMAFROST_TESTS=ON',
  '-DPERMAFROST_SANITIZE=ON',
]);
run('cmake', ['--build', folder, '--parallel']);
run('ctest', ['--test-dir', folder, '--output-on-failure', '--no-tests=error', '--parallel', '4']);
