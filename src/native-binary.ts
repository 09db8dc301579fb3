/**
 * Finds the addon: the one that `npm run build:native` made in a checkout, else the binary that the package has for this
 * platform. Nothing is built when the package is installed, so there may be none.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isCutOff, isForMusl } from './elf.js';
import { PermafrostError, reason } from './errors.js';
import { deniedBy, missingFlag } from './permission.js';

const require = createRequire(import.meta.url);

/**
 * @param folder the package's
 * @returns what the addon exports
 * @throws PermafrostError NATIVE_UNAVAILABLE, which names the platform, each file that was tried, and what to do
 */
export function loadBinary(folder: string): unknown {
  const libc = cLibrary();
  const name = ['permafrost', libc, 'node'].filter((part) => part !== undefined).join('.');
  const built = join(folder, 'build', 'Release', 'permafrost.node');
  const prebuilt = join(folder, 'prebuilds', `${process.platform}-${process.arch}`, name);
  const tried: string[] = [];
  for (const file of [built, prebuilt]) {
    try {
      return loadWhole(file);
    } catch (error) {
      if (isMissing(error)) tried.push(`${file} (no such file)`);
      else throw unavailable(libc, [...tried, `${file} (${firstLine(error)})`], adviceOn(error), error);
    }
  }
  throw unavailable(libc, tried, `${prebuiltIn(folder)} ${adviceOnNone(process.platform, process.arch)}`);
}

function loadWhole(file: string): unknown {
  // A file that is not there is for `require` to say.
  if (process.platform === 'linux' && existsSync(file) && isCutOff(file)) throw new Error('the file is cut off');
  return require(file);
}

function unavailable(
  libc: string | undefined,
  tried: readonly string[],
  advice: string,
  cause?: unknown,
): PermafrostError {
  const platform = `${process.platform}-${process.arch}${libc === undefined ? '' : ` with ${libc}`}`;
  const message = `The native core of permafrost cannot be loaded on ${platform}; tried: ${tried.join(', ')}. ${advice}`;
  return new PermafrostError('NATIVE_UNAVAILABLE', message, cause === undefined ? {} : { cause });
}

/** What to do where there is none for this machine. */
export function adviceOnNone(platform: string, processor: string): string {
  if (platform === 'win32')
    return 'It does not run on Windows, for its core is written for POSIX. Use Linux, in WSL if need be.';
  const build = 'In a checkout, run `npm run build:native`';
  return ['x64', 'arm64'].includes(processor) ? `${build}.` : `${build}; nobody has tried that on ${processor}.`;
}

/** What to do about a binary that is there. */
export function adviceOn(error: unknown): string {
  const flag = missingFlag(error);
  if (flag !== undefined) return deniedBy(flag);
  if ((error as NodeJS.ErrnoException).code === 'ERR_DLOPEN_DISABLED') {
    return 'Node was started with --no-addons, and permafrost needs its own. Start it without.';
  }
  const text = reason(error);
  if (/Permission denied|EACCES/.test(text)) return 'Let this user read the file and its folders.';
  if (text.includes('PERMAFROST_CPU')) return 'Set it to one of these, or not at all.';
  const needed = /version `(GLIBC\w*_[\d.]+)' not found/.exec(text)?.[1];
  if (needed !== undefined)
    return `The system has to be as new as ${needed}; or build permafrost on it from a checkout.`;
  return 'Install permafrost again on this machine; in a checkout, run `npm run build:native`.';
}

/** What the package has binaries for. */
function prebuiltIn(folder: string): string {
  try {
    const names = readdirSync(join(folder, 'prebuilds'), { recursive: true, encoding: 'utf8' });
    const binaries = names.filter((name) => name.endsWith('.node')).sort();
    if (binaries.length > 0) return `The package has binaries for other platforms only: ${binaries.join(', ')}.`;
  } catch {
    // No folder is as good as an empty one.
  }
  return 'The package has no binaries.';
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
}

function firstLine(error: unknown): string {
  return reason(error).split('\n', 1)[0] ?? '';
}

/** The C library of Linux that Node was made for, which the addon has to share. */
function cLibrary(): 'glibc' | 'musl' | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return isForMusl(process.execPath) ? 'musl' : 'glibc';
  } catch {
    // It may not be read, as under Node's permission model: then it is most likely the usual one.
    return 'glibc';
  }
}
