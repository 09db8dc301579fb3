// Builds the core without Node, with sanitizers, and runs its GoogleTests through CTest. Writes build/reports/ctest.xml.
// What several threads do at once is built and run a second time, with the thread sanitizer.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root, run } from './lib/run.mjs';

const folder = 'build/native-test';
const threadsFolder = 'build/native-threads';
const ninja = spawnSync('ninja', ['--version']).status === 0;
const jobs = String(availableParallelism());

function configure(into, ...options) {
  const common = ['-DPERMAFROST_TESTS=ON', '-DPERMAFROST_WERROR=ON'];
  run('cmake', ['-S', '.', '-B', into, ...(ninja ? ['-G', 'Ninja'] : []), ...common, ...options]);
}

configure(folder, '-DCMAKE_BUILD_TYPE=Debug', '-DPERMAFROST_SANITIZE=ON');
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

configure(
  threadsFolder,
  '-DCMAKE_BUILD_TYPE=RelWithDebInfo',
  '-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -g1',
  '-DPERMAFROST_SANITIZE_THREADS=ON',
);
run('cmake', ['--build', threadsFolder, '--parallel', jobs, '--target', 'permafrost_threads_test']);
run(join(root, threadsFolder, 'test', 'native', 'permafrost_threads_test'), ['--gtest_brief=1']);
