/**
 * Loads the bundled modules in `dist` as `require` would, but with the code that the engine made of them when they were built
 * (`scripts/compile.mjs`): to compile them again takes as long as all else that a small freeze does. Another version of Node
 * finds none and compiles; so does an engine whose flags are others. The engine believes what it is given, so whether the
 * code is whole, and of this source, is seen here.
 */
import { readFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { runInThisContext, Script } from 'node:vm';
import { crc32 } from 'node:zlib';

interface Loaded {
  readonly module: { exports: unknown };
  readonly script: Script;
}

/** Bytes before the code. */
const checksumsSize = 8;

/** By the paths of the files. */
const loaded = new Map<string, Loaded>();

/** Functions of Node are of the main context, whichever context of `node:vm` asks for them. */
const isMainContext = Object.getPrototypeOf(runInThisContext) === Function.prototype;

/**
 * @param id the module's path, from where `require` is: that of the door, which knows how modules are loaded where it was.
 * @returns what the module exports.
 */
export function load(id: string, require: NodeJS.Require): unknown {
  // Node knows the source maps of those modules only that it loads itself. And what another context loads is to be its own.
  const isPlain = process.sourceMapsEnabled || !isMainContext;
  return isPlain ? require(id) : loadFile(require.resolve(id));
}

function loadFile(file: string): unknown {
  const outside = createRequire(file);
  const known = loaded.get(file);
  if (known) return known.module.exports;
  const source = readFileSync(file);
  const cachedData = codeOf(file, source);
  // They are ASCII. As UTF-8 they would take longer to read, and the engine two bytes for each character.
  const script = new Script(wrap(source.toString('latin1')), { filename: file, ...(cachedData && { cachedData }) });
  const module: Loaded['module'] = { exports: {} };
  loaded.set(file, { module, script });
  const folder = dirname(file);
  const require = (id: string): unknown => (id.startsWith('.') ? loadFile(resolve(folder, id)) : outside(id));
  try {
    script.runInThisContext()(module.exports, require, module, file, folder);
  } catch (error) {
    // Whoever asks again gets no half of a module.
    loaded.delete(file);
    throw error;
  }
  return module.exports;
}

/** Keeps the code of all that has been loaded and run so far. */
export function keepCode(keep: (file: string, code: Buffer) => void): void {
  for (const [file, { script }] of loaded) {
    const code = script.createCachedData();
    keep(codeFile(file), Buffer.concat([checksums(code, readFileSync(file)), code]));
  }
}

/** Of the code and of its source: what stands before the code. */
function checksums(code: Uint8Array, source: Uint8Array): Buffer {
  const sums = Buffer.alloc(checksumsSize);
  sums.writeUInt32LE(crc32(code), 0);
  sums.writeUInt32LE(crc32(source), 4);
  return sums;
}

/** The engine looks whether it is of this version, but not of this processor. */
function codeFile(file: string): string {
  return `${file}.${process.platform}-${process.arch}-${process.version}.code`;
}

function codeOf(file: string, source: Uint8Array): Buffer | undefined {
  let kept: Buffer;
  try {
    kept = readFileSync(codeFile(file));
  } catch {
    return undefined;
  }
  const code = kept.subarray(checksumsSize);
  return checksums(code, source).equals(kept.subarray(0, checksumsSize)) ? code : undefined;
}
