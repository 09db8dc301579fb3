import { defineConfig } from 'vitest/config';

/** Those that load plugins, put something in a module's place or start processes leave traces in the process that they run in. */
const alone = ['test/{api,cli,devices,examples,process}/**/*.test.ts', 'test/*.test.ts'];

// Forks: a native crash then ends one worker and is reported, instead of ending the run.
export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      // To load the sources anew for each file takes longer than most of the tests.
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
    ],
  },
});
