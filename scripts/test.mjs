// `npm test`: the tests in TypeScript, then those of the core. Ends with one line that counts both.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const reports = join(root, 'build', 'reports');
const vitestReport = join(reports, 'vitest.json');
const ctestReport = join(reports, 'ctest.xml');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)];
const vitestArgs = ['--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`];
const results = [count([...vitest, ...vitestArgs], countVitest), count(['scripts/test-native.mjs'], countCtest)];

const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** Runs a Node script and counts its tests; a run that fails without a failed test counts as one. */
function count(args, read) {
  const ok = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0;
  const counts = read();
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function countVitest() {
  if (!existsSync(vitestReport)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(vitestReport, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests };
}

/** Without GoogleTest there is no report, and the script has said so. */
function countCtest() {
  if (!existsSync(ctestReport)) return { passed: 0, failed: 0 };
  const suite = /<testsuite\b[^>]*>/.exec(readFileSync(ctestReport, 'utf8'))?.[0] ?? '';
  const attribute = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = attribute('failures');
  return { passed: attribute('tests') - failed - attribute('skipped') - attribute('disabled'), failed };
}
