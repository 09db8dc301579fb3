// `npm run fuzz:graphs -- --runs N [--seed S]`: tries each property of test/fuzz so often, with the seed that a failure named.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, run } from './lib/run.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '1000' }, seed: { type: 'string' } } });
for (const [name, value] of Object.entries(values)) {
  if (!/^\d+$/.test(value)) throw new Error(`--${name} takes a number, and not '${value}'`);
}
process.env.PERMAFROST_FUZZ_RUNS = values.runs;
if (values.seed !== undefined) process.env.PERMAFROST_FUZZ_SEED = values.seed;
run(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'test/fuzz']);
