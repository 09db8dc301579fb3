/** Folders for one test, gone when it ends. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'permafrost-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The names of everything in a folder, sorted: what a job left behind, temporary files included. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}
