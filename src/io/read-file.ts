import { constants, type Stats } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
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
 * What is at a path: a file or a folder. A pipe would wait for ever, and a device has no end; nor may a file of /proc.
 * @throws PermafrostError FILE_NOT_FOUND, READ_FAILED
 */
export async function fileInfo(path: string): Promise<Stats> {
  const info = await stat(path).catch((error) => {
    throw cannotRead(path, error);
  });
  if (!info.isFile() && !info.isDirectory()) {
    throw new PermafrostError(
      'READ_FAILED',
      `${path} is no regular file (a pipe or a device). Save it as a file first.`,
    );
  }
  if (info.isFile() && info.size === 0 && (await hasContent(path))) {
    throw new PermafrostError(
      'READ_FAILED',
      `${path} says that it is empty, and has content: it is no plain file. Save it as one first.`,
    );
  }
  return info;
}

async function hasContent(path: string): Promise<boolean> {
  try {
    // The log of the kernel would wait for its next line.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return (await file.read(Buffer.alloc(1), 0, 1, 0)).bytesRead > 0;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** Rules, maps and the like have a few kilobytes; a string of JavaScript has no more than half a gigabyte. */
const mostText = 64 * 2 ** 20;

/** A text that people write, without a byte order mark. @throws PermafrostError FILE_NOT_FOUND, READ_FAILED, WRONG_FILE_KIND */
export async function readText(path: string): Promise<string> {
  const { size } = await fileInfo(path);
  if (size > mostText) {
    throw new PermafrostError(
      'WRONG_FILE_KIND',
      `${path} has ${size} bytes, and a text of that kind at most ${mostText}.`,
    );
  }
  const bytes = await readFile(path).catch((error) => {
    throw cannotRead(path, error);
  });
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}
