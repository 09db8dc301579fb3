/** File systems of a given size, which only root may mount. */
import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './folder.js';

/**
 * @param options as `mount` takes them for a tmpfs: `size=1m`, `nr_inodes=5`, `ro`.
 * @returns where it is mounted until the test ends; undefined where this process may not mount.
 */
export function smallDisk(options: string): string | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
  });
  return folder;
}
