// Lint, format, types of the tests, and whether the generated files are fresh that need no TensorFlow. Changes nothing.
import { nativeSources, run, runTool } from './lib/run.mjs';

runTool('biome', ['check', '--error-on-warnings', '.']);
runTool('tsc', ['-p', 'tsconfig.test.json']);
run('clang-format-19', ['--dry-run', '--Werror', ...nativeSources()]);
run(process.execPath, ['scripts/generate-schema.mjs', '--check']);
run(process.execPath, ['scripts/generate-tfjs-ops.mjs', '--check']);
run(process.execPath, ['scripts/generate-api.mjs', '--check']);
