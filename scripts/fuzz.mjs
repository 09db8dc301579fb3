// `npm run fuzz [TARGET...] [-- --seconds N]`: builds the fuzzers of test/fuzz with Clang and lets each run, 5 seconds if
// nothing else is said, from the inputs in test/fuzz/corpus. A finding ends with an error and stays in build/fuzz/findings.
// With `--keep`, the inputs that cover most with the fewest bytes take the place of those in the corpus.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { build, configure } from './lib/cmake.mjs';
import { root } from './lib/run.mjs';

const compiler = 'clang++-19';
const folder = join(root, 'build', 'fuzz');
const corpus = join(root, 'test', 'fuzz', 'corpus');
/** Bytes of a corpus that is kept, at most: it is part of the repository. */
const mostKept = 24_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '5' }, keep: { type: 'boolean', default: false } },
});
const seconds = Number(values.seconds);
if (!Number.isInteger(seconds) || seconds < 1) {
  console.error(`--seconds takes a whole number from 1 on, not '${values.seconds}'`);
  process.exit(2);
}

if (!canFuzz()) {
  console.log(
    `The fuzzers are left out: ${compiler} with libFuzzer was not found (Debian: apt-get install clang-19 libclang-rt-19-dev).`,
  );
  process.exit(0);
}
configure(
  folder,
  `-DCMAKE_CXX_COMPILER=${compiler}`,
  // A build that is quick, of programs that are quick enough.
  ...['-DCMAKE_BUILD_TYPE=RelWithDebInfo', '-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -g1'],
  '-DPERMAFROST_FUZZ=ON',
);
build(folder);

const known = readdirSync(corpus).map((name) => name.replace(/\.json$/, ''));
const unknown = positionals.filter((target) => !known.includes(target));
if (unknown.length > 0) {
  console.error(`no fuzzer of the name '${unknown[0]}': there are ${known.join(', ')}`);
  process.exit(2);
}
const waiting = positionals.length > 0 ? positionals : known;
const failed = [];
await Promise.all(Array.from({ length: availableParallelism() }, work));
if (failed.length > 0) {
  console.error(`found something: ${failed.join(', ')}; the inputs are in build/fuzz/findings`);
  process.exit(1);
}

/** Whether the compiler and the library are there. */
function canFuzz() {
  const source = 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }';
  const args = ['-x', 'c++', '-fsanitize=fuzzer,address', '-o', '/dev/null', '-'];
  return spawnSync(compiler, args, { input: source }).status === 0;
}

/** One after the other, beside others who do the same. */
async function work() {
  for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
    if (!(await fuzz(target))) failed.push(target);
  }
}

/** Runs one; whether nothing was found. */
async function fuzz(target) {
  const inputs = unpack(target);
  const findings = join(folder, 'findings', `${target}-`);
  mkdirSync(join(folder, 'findings'), { recursive: true });
  const args = [inputs, `-max_total_time=${seconds}`, `-artifact_prefix=${findings}`, '-print_final_stats=1'];
  // None of what is read may take much memory or time.
  const limits = ['-max_len=4096', '-rss_limit_mb=1024', '-malloc_limit_mb=256', '-timeout=10'];
  const child = spawn(program(target), [...args, ...limits], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [stderr, status] = await Promise.all([text(child.stderr), new Promise((end) => child.once('close', end))]);
  const runs = /number_of_executed_units:\s*(\d+)/.exec(stderr)?.[1];
  const coverage = [...stderr.matchAll(/ cov: (\d+) ft: (\d+) corp: (\d+)/g)].at(-1);
  if (status !== 0 || !runs || !coverage) {
    console.log(`${target}: ${stderr.split('\n').slice(-60).join('\n')}`);
    return false;
  }
  const [, edges, features, count] = coverage;
  console.log(
    `${target}: ${runs} runs in ${seconds} s, ${edges} edges, ${features} features, ${count} inputs, no finding`,
  );
  if (values.keep) keep(target, inputs);
  return true;
}

function program(target) {
  return join(folder, 'test', 'fuzz', `fuzz_${target}`);
}

/** The corpus as libFuzzer takes it, a file for each input; what earlier runs found stays. */
function unpack(target) {
  const path = join(folder, 'corpus', target);
  mkdirSync(path, { recursive: true });
  const inputs = JSON.parse(readFileSync(join(corpus, `${target}.json`), 'utf8'));
  for (const [index, input] of inputs.entries())
    writeFileSync(join(path, `kept-${index}`), Buffer.from(input, 'base64'));
  return path;
}

/** Those inputs that together cover all that was covered, the shortest first, as far as they may be kept. */
function keep(target, inputs) {
  const smallest = join(folder, 'smallest', target);
  rmSync(smallest, { recursive: true, force: true });
  mkdirSync(smallest, { recursive: true });
  const { status, stderr } = spawnSync(program(target), ['-merge=1', smallest, inputs], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0 || !existsSync(smallest)) throw new Error(`merge failed: ${stderr.slice(-2000)}`);
  const found = readdirSync(smallest).map((name) => readFileSync(join(smallest, name)));
  found.sort((a, b) => a.length - b.length || Buffer.compare(a, b));
  const kept = [];
  let size = 0;
  for (const input of found) {
    size += input.length;
    if (size > mostKept) break;
    kept.push(input.toString('base64'));
  }
  writeFileSync(join(corpus, `${target}.json`), `${JSON.stringify(kept, undefined, 2)}\n`);
}
