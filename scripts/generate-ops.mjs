// Turns TensorFlow's registry of ops into two tables: the defaults of attributes, which every freeze needs, and the
// signatures, which only inlining and checking do.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';
import { findPython, runPython } from './tensorflow/python.mjs';

const tests = join(root, 'test', 'tensorflow');
const python = findPython(root, tests);

function generate(script, target, comment, declaration) {
  const table = JSON.parse(runPython(python, [join(tests, script)]));
  const lines = [
    '// Generated from the ops of TensorFlow 2.21 by `npm run generate:ops`. Do not edit.',
    '',
    `/** ${comment} */`,
    `export const ${declaration} = JSON.parse(`,
    `  ${JSON.stringify(JSON.stringify(table))},`,
    ');',
  ];
  writeFileSync(join(root, 'src', ...target), `${lines.join('\n')}\n`);
}

generate(
  'op_defaults.py',
  ['graph', 'op-defaults.generated.ts'],
  'By op and attribute: the default, an AttrValue in hexadecimal.',
  'opDefaults: Readonly<Record<string, Readonly<Record<string, string>>>>',
);
generate(
  'op_registry.py',
  ['graph', 'op-registry.generated.ts'],
  'By op: inputs, outputs and attributes, in the notation of `op-signature.ts`; and whether it is stateful.',
  'opRegistry: Readonly<Record<string, readonly [inputs: string[], outputs: string[], attributes: string[], isStateful?: true]>>',
);
