// Runs clang-tidy over the core, as many at once as there are processors. Fails on any warning.
//
// Most of the time goes into the headers of the standard library, which clang-tidy goes through again with each file. So
// its checks of single statements and declarations see a dozen files as one. Its analyzer, which follows calls and is
// quick with headers, sees each file alone: beside a caller from another file it would look at a function for those
// arguments only. With `--deep` it follows calls as far as it can, and all takes nearly twice the time.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { configure } from './lib/cmake.mjs';
import { nativeSources, root } from './lib/run.mjs';

const commandsOfFiles = 'build/tidy';
const batches = 'build/tidy-batches';
const tool = 'clang-tidy-19';
const analyzer = '-*,clang-analyzer-*';
const others = '-clang-analyzer-*';
const mostInBatch = 12;
const shallow = ['-Xclang', '-analyzer-config', '-Xclang', 'mode=shallow'].map((part) => `--extra-arg=${part}`);
const depth = process.argv.includes('--deep') ? [] : shallow;

if (spawnSync(tool, ['--version']).status !== 0) {
  console.error(`cannot run ${tool}`);
  process.exit(1);
}
configure(commandsOfFiles, '-DCMAKE_BUILD_TYPE=Debug', '-DCMAKE_UNITY_BUILD=OFF');

/** Resolves to what clang-tidy says; undefined: the file is clean. `checks` are added to those of .clang-tidy. */
function findings(file, checks, commands) {
  return new Promise((resolve) => {
    const args = ['--quiet', '--warnings-as-errors=*', `--checks=${checks}`, ...depth, '-p', commands, file];
    const child = spawn(tool, args, { cwd: root });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    // Mostly a count of the warnings in the system's headers, so shown only where something is wrong.
    let errors = '';
    child.stderr.on('data', (text) => {
      errors += text;
    });
    child.on('close', (status) => resolve(status === 0 ? undefined : output + errors));
  });
}

const faulty = new Set();

async function lookAt(file, checks) {
  const found = await findings(file, checks, commandsOfFiles);
  if (found === undefined) return;
  faulty.add(file);
  console.log(`${file}:\n${found}`);
}

/** Neighbours go into different batches: names that each has for itself are more often the same. */
function inBatches(files) {
  const count = Math.ceil(files.length / mostInBatch);
  return Array.from({ length: count }, (_, index) => files.filter((_file, at) => at % count === index));
}

/** Writes the files of a batch as one; returns its path. */
function writeBatch(files, index) {
  const path = join(root, batches, `batch-${index}.cc`);
  writeFileSync(path, files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n'));
  return path;
}

/** What one file of the core is compiled with, for all batches. */
function writeCommands(paths) {
  const commands = JSON.parse(readFileSync(join(root, commandsOfFiles, 'compile_commands.json'), 'utf8'));
  const { command, directory } = commands.find(({ file }) => file.includes('/native/core/'));
  const start = command.slice(0, command.lastIndexOf(' -o '));
  const all = paths.map((file) => ({ directory, file, command: `${start} -c "${file}"` }));
  writeFileSync(join(root, batches, 'compile_commands.json'), JSON.stringify(all));
}

const files = nativeSources().filter((file) => file.startsWith('native/core/') && file.endsWith('.cc'));
rmSync(join(root, batches), { recursive: true, force: true });
mkdirSync(join(root, batches), { recursive: true });
const groups = inBatches(files);
const paths = groups.map(writeBatch);
writeCommands(paths);

const jobs = groups.map((group, index) => async () => {
  if ((await findings(paths[index], others, batches)) === undefined) return;
  // Each alone says where it is. It may be nothing: a name that two files have each for itself.
  jobs.push(...group.map((file) => () => lookAt(file, others)));
});
jobs.push(...files.map((file) => () => lookAt(file, analyzer)));

async function work() {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job();
}
await Promise.all(Array.from({ length: availableParallelism() }, work));
if (faulty.size > 0) {
  console.error(`clang-tidy found something in ${faulty.size} of ${files.length} files.`);
  process.exit(1);
}
console.log(`clang-tidy found nothing in ${files.length} files.`);
