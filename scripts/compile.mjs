// Third part of `npm run build:ts`: has the engine compile what a freeze runs, and keeps the code beside the sources, where
// `src/load.ts` finds it. A function is compiled when it is first called, so the demo is frozen.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const require = createRequire(join(root, 'dist', 'index.cjs'));
const { load, keepCode } = require('./load.cjs');

mkdirSync(join(root, 'build'), { recursive: true });
const demo = join(root, 'examples', 'demo');
const inputs = ['--graph', join(demo, 'graph.pb'), '--checkpoint', join(demo, 'model.ckpt-200')];
const outputs = ['--outputs', 'inference/probabilities', '--out', join(root, 'build', 'compiled-demo.pb')];
process.argv = [...process.argv.slice(0, 2), 'freeze', ...inputs, ...outputs];
// The report is compiled too, but nobody wants to read it here.
process.stdout.write = () => true;
process.on('exit', (code) => {
  if (code === 0) keepCode(writeFileSync);
});
load('./cli/permafrost.cjs', require);
