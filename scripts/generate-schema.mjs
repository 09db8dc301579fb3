// Turns proto/*.proto into src/proto/schema.generated.ts: the schema as data, from which protobufjs builds its types.
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const folder = join(root, 'proto');
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
writeFileSync(join(root, 'src', 'proto', 'schema.generated.ts'), `${lines.join('\n')}\n`);
