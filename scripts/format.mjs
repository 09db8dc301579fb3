// Formats all sources in place.
import { nativeSources, run, runTool } from './lib/run.mjs';

runTool('biome', ['check', '--write', '.']);
run('clang-format-19', ['-i', ...nativeSources()]);
