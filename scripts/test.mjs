// `npm test`: the tests in TypeScript, then those of the core. Ends with one line that counts both.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const reports = join(root, 'build', 'reports');
mkdirSync(reports, { recursive: true });

/** @returns whether the command succeeded. */
function attempt(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

const vitestReport = join(reports, 'vitest.json');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const vitestRan = attempt(process.execPath, [
  vitest,
  'run',
  ...process.argv.slice(2),
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${vitestReport}`,
]);
const vitestCounts = JSON.parse(readFileSync(vitestReport, 'utf8'));
let passed = vitestCounts.numPassedTests;
let failed = vitestCounts.numFailedTests + (vitestRan || vitestCounts.numFailedTests > 0 ? 0 : 1);

const googleTest = spawnSync(
  'cmake',
  ['--find-package', '-DNAME=GTest', '-DCOMPILER_ID=GNU', '-DLANGUAGE=CXX', '-DMODE=EXIST'],
  {
    cwd: reports,
  },
);
if (googleTest.status === 0) {
  const log = join(root, 'build', 'native-test', 'Testing', 'Temporary', 'LastTest.log');
  const ok = attempt(process.execPath, [join(root, 'scripts', 'test-native.mjs')]);
  const results = existsSync(log) ? readFileSync(log, 'utf8') : '';
  passed += (results.match(/^Test Passed\.$/gm) ?? []).length;
  const nativeFailures = (results.match(/^Test Failed\.$/gm) ?? []).length;
  failed += ok || nativeFailures > 0 ? nativeFailures : 1;
} else {
  console.log(
    '\nThe tests of the native core are left out: GoogleTest was not found (Debian: apt-get install libgtest-dev).',
  );
}

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
