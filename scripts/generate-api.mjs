// Writes docs/api.md, the reference of what the package exports. With --check, only says whether it is what it should be.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referenceOf } from './api/markdown.mjs';
import { exportedItems } from './api/model.mjs';
import { root, runTool } from './lib/run.mjs';

// The declarations in dist are what is read.
runTool('tsc', ['-b']);
const target = join(root, 'docs', 'api.md');
const text = referenceOf(exportedItems());
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error(`${target} is not what \`npm run generate:api\` makes of the doc comments.`);
  process.exit(1);
}
