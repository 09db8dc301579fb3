// `npm run demo`: freezes the small checkpoint of examples/demo and compares the result with TensorFlow's own.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './lib/run.mjs';

const demo = join(root, 'examples', 'demo');
const frozen = join(root, 'build', 'demo-frozen.pb');
mkdirSync(join(root, 'build'), { recursive: true });

const args = ['freeze', '--graph', 'examples/demo/graph.pb', '--checkpoint', 'examples/demo/model.ckpt-200'];
args.push('--outputs', 'inference/probabilities', '--out', 'build/demo-frozen.pb');
console.log(`$ permafrost ${args.join(' ')}\n`);
run(process.execPath, ['dist/cli/permafrost.js', ...args]);

const same = readFileSync(frozen).equals(readFileSync(join(demo, 'frozen-by-tensorflow.pb')));
console.log(`\nbyte for byte what TensorFlow's freeze_graph writes: ${same ? 'yes' : 'NO'}`);
process.exitCode = same ? 0 : 1;
