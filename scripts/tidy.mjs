// Runs clang-tidy over the core, as many files at once as there are processors. Fails on any warning. Needs the compile
// commands that scripts/test-native.mjs makes.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { nativeSources, root } from './lib/run.mjs';

const folder = 'build/native-test';
const tool = 'clang-tidy-19';
if (!existsSync(join(root, folder, 'compile_commands.json'))) {
  console.error(`no ${folder}/compile_commands.json: run \`npm run test:native\` first.`);
  process.exit(1);
}
if (spawnSync(tool, ['--version']).status !== 0) {
  console.error(`cannot run ${tool}`);
  process.exit(1);
}

/** Resolves to whether the file is clean; shows what clang-tidy says where it is not. */
function isClean(file) {
  return new Promise((resolve) => {
    const child = spawn(tool, ['--quiet', '--warnings-as-errors=*', '-p', folder, file], { cwd: root });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    // Mostly a count of the warnings in the system's headers, so shown only where something is wrong.
    let errors = '';
    child.stderr.on('data', (text) => {
      errors += text;
    });
    child.on('close', (status) => {
      if (status !== 0) console.log(`${file}:\n${output}${errors}`);
      resolve(status === 0);
    });
  });
}

const files = nativeSources().filter((file) => file.startsWith('native/core/') && file.endsWith('.cc'));
const left = [...files];
let faulty = 0;
async function work() {
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (!(await isClean(file))) faulty += 1;
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, work));
if (faulty > 0) {
  console.error(`clang-tidy found something in ${faulty} of ${files.length} files.`);
  process.exit(1);
}
console.log(`clang-tidy found nothing in ${files.length} files.`);
