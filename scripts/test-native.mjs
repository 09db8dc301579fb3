// Builds the core without Node, with sanitizers, and runs its GoogleTests through CTest. Writes build/reports/ctest.xml.
// What several threads do at once is built and run a second time, with the thread sanitizer.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, configure, jobs } from './lib/cmake.mjs';
import { root, run } from './lib/run.mjs';

const folder = 'build/native-test';
const threadsFolder = 'build/native-threads';

// As sanitizers are meant to be used: the tests take a fifth of the time that they take without.
const optimized = ['-DCMAKE_BUILD_TYPE=RelWithDebInfo', '-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -g1'];

configure(folder, '-DPERMAFROST_TESTS=ON', ...optimized, '-DPERMAFROST_SANITIZE=ON');
const cache = readFileSync(join(root, folder, 'CMakeCache.txt'), 'utf8');
if (!/^PERMAFROST_GTEST_FOUND:INTERNAL=(1|TRUE|ON)$/im.test(cache)) {
  console.log(
    'The tests of the native core are left out: GoogleTest was not found (Debian: apt-get install libgtest-dev).',
  );
  process.exit(0);
}
build(folder);
run('ctest', [
  ...['--test-dir', folder, '--output-on-failure', '--no-tests=error', '--parallel', jobs],
  ...['--output-junit', join(root, 'build', 'reports', 'ctest.xml')],
]);

configure(threadsFolder, '-DPERMAFROST_TESTS=ON', ...optimized, '-DPERMAFROST_SANITIZE_THREADS=ON');
build(threadsFolder, '--target', 'permafrost_threads_test');
run(join(root, threadsFolder, 'test', 'native', 'permafrost_threads_test'), ['--gtest_brief=1']);
