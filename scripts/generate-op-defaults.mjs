// Turns TensorFlow's registry of ops into src/passes/op-defaults.generated.ts: the attributes that have defaults.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';
import { findPython, runPython } from './tensorflow/python.mjs';

const tests = join(root, 'test', 'tensorflow');
const python = findPython(root, join(tests, 'requirements.txt'));
const table = JSON.parse(runPython(python, [join(tests, 'op_defaults.py')]));
const lines = [
  '// Generated from the ops of TensorFlow 2.21 by `npm run generate:op-defaults`. Do not edit.',
  '',
  '/** By op and attribute: the default, an AttrValue in hexadecimal. */',
  'export const opDefaults: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(',
  `  ${JSON.stringify(JSON.stringify(table))},`,
  ');',
];
writeFileSync(join(root, 'src', 'passes', 'op-defaults.generated.ts'), `${lines.join('\n')}\n`);
