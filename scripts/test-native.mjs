// Builds the core without Node, with sanitizers, and runs its GoogleTests through CTest. Writes build/reports/ctest.xml.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root, run } from './lib/run.mjs';

const folder = 'build/native-test';
const ninja = spawnSync('ninja', ['--version']).status === 0;
const jobs = String(availableParallelism());

run('cmake', [
  ...['-S', '.', '-B', folder, ...(ninja ? ['-G', 'Ninja'] : [])],
  ...['-DCMAKE_BUILD_TYPE=Debug', '-DPERMAFROST_TESTS=ON', '-DPERMAFROST_SANITIZE=ON', '-DPERMAFROST_WERROR=ON'],
]);
const cache = readFileSync(join(root, folder, 'CMakeCache.txt'), 'utf8');
if (!/^PERMAFROST_GTEST_FOUND:INTERNAL=(1|TRUE|ON)$/im.test(cache)) {
  console.log(
    'The tests of the native core are left out: GoogleTest was not found (Debian: apt-get install libgtest-dev).',
  );
  process.exit(0);
}
run('cmake', ['--build', folder, '--parallel', jobs]);
run('ctest', [
  ...['--test-dir', folder, '--output-on-failure', '--no-tests=error', '--parallel', jobs],
  ...['--output-junit', join(root, 'build', 'reports', 'ctest.xml')],
]);
