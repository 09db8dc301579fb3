// Turns proto/*.proto into src/proto/schema.generated.ts: the schema as data, from which protobufjs builds its types.
// With --check, only says whether the file is what it should be.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const folder = join(root, 'proto');
const target = join(root, 'src', 'proto', 'schema.generated.ts');
const files = readdirSync(folder).filter((name) => name.endsWith('.proto'));
const pbjs = join(root, 'node_modules', '.bin', 'pbjs');
const json = execFileSync(process.execPath, [pbjs, '--target', 'json', '--keep-case', '--path', folder, ...files], {
  cwd: folder,
  encoding: 'utf8',
});

// A string that is parsed at start-up costs a third of what an object literal of this size does.
const lines = [
  '// Generated from proto/*.proto by `npm run generate`. Do not edit.',
  "import type { INamespace } from 'protobufjs/light.js';",
  '',
  `export const schema: INamespace = JSON.parse(${JSON.stringify(JSON.stringify(JSON.parse(json)))});`,
];
const source = `${lines.join('\n')}\n`;
if (!process.argv.includes('--check')) writeFileSync(target, source);
else if (readFileSync(target, 'utf8') !== source) {
  console.error(`${target} is not what \`npm run generate\` makes of proto/.`);
  process.exit(1);
}
