import { defineConfig } from 'vitest/config';

// Forks: a native crash then ends one worker and is reported, instead of ending the run.
export default defineConfig({
  test: { pool: 'forks', include: ['test/**/*.test.ts'], testTimeout: 30_000 },
});
