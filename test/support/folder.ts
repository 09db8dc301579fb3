/** Folders for one test, gone when it ends. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export function temporaryFolder(): string {
  const [folder, remove] = makeFolder();
  onTestFinished(remove);
  return folder;
}

/** For several tests; `remove` is theirs to call. */
export function makeFolder(): [folder: string, remove: () => void] {
  const folder = mkdtempSync(join(tmpdir(), 'permafrost-test-'));
  return [folder, () => rmSync(folder, { recursive: true, force: true })];
}

/** The names of everything in a folder, sorted: what a job left behind, temporary files included. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}
