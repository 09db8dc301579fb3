import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { PermafrostError, reason } from '../errors.js';
import { deniedBy, missingFlag } from '../permission.js';

/** What could not be read, and why. */
export function cannotRead(path: string, error: unknown): PermafrostError {
  const flag = missingFlag(error);
  if (flag !== undefined) {
    return new PermafrostError('READ_FAILED', `${path} cannot be read: ${deniedBy(flag)}`, { cause: error });
  }
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return missing
    ? new PermafrostError('FILE_NOT_FOUND', `There is no file '${path}'.`, { cause: error })
    : new PermafrostError(
        'READ_FAILED',
        `${path} cannot be read (${reason(error)}). Mend its permissions or its path.`,
        { cause: error },
      );
}

/**
 * What is at a path: a file or a folder. A pipe would wait for ever, and a device has no end.
 * @throws PermafrostError FILE_NOT_FOUND, READ_FAILED
 */
export async function fileInfo(path: string): Promise<Stats> {
  const info = await stat(path).catch((error) => {
    throw cannotRead(path, error);
  });
  if (info.isFile() || info.isDirectory()) return info;
  throw new PermafrostError('READ_FAILED', `${path} is no regular file (a pipe or a device). Save it as a file first.`);
}

/** @throws PermafrostError FILE_NOT_FOUND, READ_FAILED */
export async function readWhole(path: string): Promise<Buffer> {
  await fileInfo(path);
  return readFile(path).catch((error) => {
    throw cannotRead(path, error);
  });
}
