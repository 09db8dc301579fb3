/** Node's permission model, under which a program may do what its flags name: https://nodejs.org/api/permissions.html */
import { resolve } from 'node:path';
import { PermafrostError } from './errors.js';

/** By what an error of Node calls a permission. */
const flags: Readonly<Record<string, string>> = {
  FileSystemRead: '--allow-fs-read',
  FileSystemWrite: '--allow-fs-write',
};

/** What Node must be started with for that which it has denied; undefined for any other failure. */
export function missingFlag(error: unknown): string | undefined {
  const { code, permission = '', resource = '' } = error as NodeJS.ErrnoException & Denial;
  if (code === 'ERR_DLOPEN_DISABLED' && isRestricted()) return '--allow-addons';
  if (code !== 'ERR_ACCESS_DENIED') return undefined;
  const flag = flags[permission] ?? `the permission ${permission}`;
  return resource === '' ? flag : `${flag}=${resource}`;
}

interface Denial {
  readonly permission?: string;
  readonly resource?: string;
}

/** Whether there is anything that this thread may be denied. Workers that it starts do not inherit that. */
export function isRestricted(): boolean {
  return process.permission !== undefined;
}

/**
 * Call it before the core reads a file, which Node does not know of, and before a file is said not to be there: what may not be
 * read looks just so.
 * @throws PermafrostError READ_FAILED
 */
export function refuseHidden(path: string): void {
  if (!process.permission || process.permission.has('fs.read', resolve(path))) return;
  throw new PermafrostError('READ_FAILED', `${path} cannot be read: ${deniedBy(`--allow-fs-read=${path}`)}`);
}

/** @throws PermafrostError WRITE_FAILED */
export function refuseUnwritable(path: string): void {
  if (!process.permission || process.permission.has('fs.write', resolve(path))) return;
  throw new PermafrostError('WRITE_FAILED', `${path} cannot be written: ${deniedBy(`--allow-fs-write=${path}`)}`);
}

/** As in "… cannot be read: Node's permission model denies it. Start Node with …". */
export function deniedBy(flag: string): string {
  return `Node's permission model denies it. Start Node with ${flag} too.`;
}
