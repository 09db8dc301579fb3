// Lint, format, types of the tests, and whether the generated schema is fresh. Changes nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeSources, root, run, runTool } from './lib/run.mjs';

runTool('biome', ['check', '--error-on-warnings', '.']);
runTool('tsc', ['-p', 'tsconfig.test.json']);
run('clang-format-19', ['--dry-run', '--Werror', ...nativeSources()]);

const generated = join(root, 'src', 'proto', 'schema.generated.ts');
const before = readFileSync(generated, 'utf8');
run(process.execPath, ['scripts/generate-schema.mjs']);
if (readFileSync(generated, 'utf8') !== before) {
  console.error('src/proto/schema.generated.ts was not what `npm run generate` makes of proto/. It is now; commit it.');
  process.exit(1);
}
