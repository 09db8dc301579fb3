// Turns the op lists of @tensorflow/tfjs-converter into src/layouts/tfjs/op-list.generated.ts: what its executor can run.
// With --check, only says whether the file is what it should be.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const target = join(root, 'src', 'layouts', 'tfjs', 'op-list.generated.ts');
const converter = join(root, 'node_modules', '@tensorflow', 'tfjs-converter');
const operations = join(converter, 'dist', 'operations');
const { version } = JSON.parse(readFileSync(join(converter, 'package.json'), 'utf8'));

/** The lists that the loader maps nodes by; the package has others, which it does not use. */
async function mappedOps() {
  const mapper = readFileSync(join(operations, 'operation_mapper.js'), 'utf8');
  const names = [...mapper.matchAll(/'\.\/op_list\/(\w+)'/g)].map(([, name]) => name);
  const lists = names.map(async (name) => {
    // The package has modules under names that Node takes for scripts.
    const source = readFileSync(join(operations, 'op_list', `${name}.js`));
    return (await import(`data:text/javascript;base64,${source.toString('base64')}`)).json;
  });
  return (await Promise.all(lists)).flat().map(({ tfOpName }) => tfOpName);
}

/** Ops that an executor has a case for: of those in the lists, some have none. */
function executedOps() {
  const files = readdirSync(join(operations, 'executors')).filter((name) => name.endsWith('_executor.js'));
  const text = files.map((name) => readFileSync(join(operations, 'executors', name), 'utf8')).join('\n');
  return new Set([...text.matchAll(/case '(\w+)':/g)].map(([, op]) => op));
}

const executed = executedOps();
const ops = [...new Set(await mappedOps())].filter((op) => executed.has(op)).sort();
if (ops.length < 200)
  throw new Error(`Expected the ops of the converter in ${operations} but found only ${ops.length}.`);

const lines = [
  '// Generated from @tensorflow/tfjs-converter by `npm run generate:tfjs-ops`. Do not edit.',
  '',
  `export const tfjsVersion = '${version}';`,
  '',
  '/** The ops that this version runs. */',
  'export const tfjsOps: ReadonlySet<string> = new Set(',
  `  '${ops.join(' ')}'.split(' '),`,
  ');',
];
const source = `${lines.join('\n')}\n`;
if (!process.argv.includes('--check')) writeFileSync(target, source);
else if (readFileSync(target, 'utf8') !== source) {
  console.error(`${target} is not what \`npm run generate:tfjs-ops\` makes of @tensorflow/tfjs-converter ${version}.`);
  process.exit(1);
}
