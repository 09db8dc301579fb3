/** Checks what callers hand over, before anything is done with it. */
import { isAbsolute } from 'node:path';
import type { Writable } from 'node:stream';
import type { WritableStream } from 'node:stream/web';
import type { URL } from 'node:url';
import { types } from 'node:util';
import { invalidArgument, isError, PermafrostError } from '../../errors.js';
import type { Source } from '../../io/source.js';
import { type Limits, limitNames, mostOfLimits } from '../../limits.js';
import { nearest } from '../../nearest.js';
import { isRestricted } from '../../permission.js';

/** Says of a value what it is, as in "received an array". */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return value === '' ? 'an empty string' : `the string '${value}'`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'bigint') return `the bigint ${value}`;
  return typeof value === 'object' || typeof value === 'function' ? `a value of type ${typeof value}` : String(value);
}

function expected(what: string, name: string, value: unknown): PermafrostError {
  const message = `Expected ${what} for ${name} but received ${describe(value)}.`;
  return new PermafrostError('INVALID_ARGUMENT', `${message}${remedyFor(value)}`);
}

/** Where what was given has a relative that is taken. */
function remedyFor(value: unknown): string {
  if (isURL(value)) return ' Pass the path of the URL: fileURLToPath(url), of node:url.';
  if (types.isAnyArrayBuffer(value)) return ' Pass its bytes: new Uint8Array(buffer).';
  const { getWriter } = (value ?? {}) as Partial<WritableStream>;
  if (typeof getWriter !== 'function') return '';
  return ' Of streams, those of Node are taken: pass Writable.fromWeb(stream), of node:stream.';
}

/** Of any realm. */
function isURL(value: unknown): boolean {
  const { href, protocol } = (value ?? {}) as Partial<URL>;
  return typeof href === 'string' && typeof protocol === 'string';
}

/** The system would take a path to end at its first NUL. */
function withoutNul(name: string, path: string): string {
  if (path.includes('\0')) throw expected('a path without NUL characters', name, path);
  return path;
}

function isSignal(value: unknown): value is AbortSignal {
  if (typeof value !== 'object' || value === null) return false;
  const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignal>;
  const listens = [addEventListener, removeEventListener].every((method) => typeof method === 'function');
  return typeof aborted === 'boolean' && 'reason' in value && listens;
}

/** Of this copy of Node's streams or of another, such as the package readable-stream. */
export function isWritable(value: unknown): value is Writable {
  const { write, end, on, destroy } = (value ?? {}) as Partial<Writable>;
  return [write, end, on, destroy].every((method) => typeof method === 'function');
}

function copyOf(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (error) {
    // What the engine says of bytes whose memory is no longer theirs.
    if (isError(error) && error.name === 'TypeError') {
      const message = `The bytes of ${name} are gone: their buffer was transferred (detached), or made shorter. Pass a copy of them.`;
      throw new PermafrostError('INVALID_ARGUMENT', message, { cause: error });
    }
    throw new PermafrostError(
      'OUT_OF_MEMORY',
      `There is no memory for a copy of the ${bytes.length} bytes of ${name}.`,
      {
        cause: error,
      },
    );
  }
}

/** Less would do for small models, and nobody could say for which. */
const leastHeap = 32 * 2 ** 20;

/** Reads options by name and knows in the end which names nobody asked for. */
export class OptionReader {
  readonly #options: Record<string, unknown>;
  readonly #known = new Set<string>();

  constructor(options: unknown, caller: string) {
    if (typeof options !== 'object' || options === null)
      throw expected('an object', `the options of ${caller}`, options);
    this.#options = options as Record<string, unknown>;
  }

  /** A path; it may not be empty. */
  path(name: string): string {
    const value = this.#take(name);
    if (typeof value !== 'string' || value === '') throw expected('a non-empty string', name, value);
    return withoutNul(name, value);
  }

  /** A path, or a copy of what would be in the file: whatever becomes of the caller's bytes meanwhile. */
  source(name: string): Source {
    const value = this.#take(name);
    // Of any realm: a Uint8Array of another context is no instance of this one's.
    if (types.isUint8Array(value)) return copyOf(value, name);
    if (typeof value === 'string') return this.path(name);
    throw expected('a path or a Uint8Array', name, value);
  }

  /** Undefined for anything that is no stream of Node. */
  stream(name: string): Writable | undefined {
    const value = this.#take(name);
    return isWritable(value) ? value : undefined;
  }

  /** A path that need not be given; given, it may not be empty. */
  pathIfGiven(name: string): string | undefined {
    return this.#take(name) === undefined ? undefined : this.path(name);
  }

  optionalPath(name: string): string | undefined {
    const path = this.optional(name);
    return path && withoutNul(name, path);
  }

  /** A path from the root that need not be given. */
  absolutePath(name: string): string | undefined {
    const path = this.pathIfGiven(name);
    if (path !== undefined && !isAbsolute(path)) throw expected('an absolute path', name, path);
    return path;
  }

  pathOrObject(name: string): string | object | undefined {
    const value = this.#take(name);
    if (value === undefined || (typeof value === 'object' && value !== null && !isURL(value))) return value;
    if (typeof value !== 'string' || value === '') throw expected('a path or an object', name, value);
    return withoutNul(name, value);
  }

  /** Whatever it is: whoever asks checks it. */
  any(name: string): unknown {
    return this.#take(name);
  }

  optional(name: string): string | undefined {
    const value = this.#take(name);
    if (value === undefined || typeof value === 'string') return value;
    throw expected('a string', name, value);
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.#take(name) ?? otherwise;
    if (typeof value !== 'boolean') throw expected('a boolean', name, value);
    return value;
  }

  /** A whole number from 1 on. */
  count(name: string, most: number): number | undefined {
    return this.whole(name, 1, most);
  }

  whole(name: string, least: number, most: number): number | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
      throw expected(`a whole number from ${least} to ${most}`, name, value);
    }
    return value as number;
  }

  /** Those that are given: whole numbers from 1 on. */
  limits(name: string): Partial<Limits> {
    const value = this.#take(name) ?? {};
    if (typeof value !== 'object') throw expected('an object of numbers', name, value);
    const read = new OptionReader(value, name);
    const given = limitNames.map(
      (limit) => [limit, read.count(limit, mostOfLimits[limit] ?? Number.MAX_SAFE_INTEGER)] as const,
    );
    read.rejectUnknown();
    return Object.fromEntries(given.filter(([, number]) => number !== undefined));
  }

  /** What JavaScript may take, in bytes; undefined: what the engine gives. */
  heapBytes(): number | undefined {
    const bytes = this.whole('heapBytes', leastHeap, Number.MAX_SAFE_INTEGER);
    if (bytes === undefined || !isRestricted()) return bytes;
    throw invalidArgument(
      "Only a worker has a heap of its own (heapBytes), and Node's permission model does not bind workers. Leave it out.",
    );
  }

  /** One of a few values. */
  choice<T>(name: string, values: readonly T[], otherwise: T): T {
    const value = this.#take(name) ?? otherwise;
    if (!values.includes(value as T)) throw expected(values.join(' or '), name, value);
    return value as T;
  }

  /** Some of a few values, as an array or separated by commas. */
  choices<T extends string>(name: string, values: readonly T[]): T[] {
    return (this.names(name) ?? []).map((given) => {
      const value = values.find((each) => each === given);
      if (value === undefined) throw expected(values.join(' or '), name, given);
      return value;
    });
  }

  /** Names as an array or separated by commas; empty ones and the blanks around them do not count. */
  names(name: string): string[] | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    const list = typeof value === 'string' ? value.split(',') : value;
    if (!Array.isArray(list) || !list.every((each): each is string => typeof each === 'string')) {
      throw expected('a string or an array of strings', name, value);
    }
    return list.map((each) => each.trim()).filter((each) => each !== '');
  }

  callback<T>(name: string): T | undefined {
    const value = this.#take(name);
    if (value !== undefined && typeof value !== 'function') throw expected('a function', name, value);
    return value as T | undefined;
  }

  /** Of any realm: a signal of jsdom or of another context is no instance of the AbortSignal of this one. */
  signal(name: string): AbortSignal | undefined {
    const value = this.#take(name);
    if (value !== undefined && !isSignal(value)) throw expected('an AbortSignal', name, value);
    return value;
  }

  /** Call last: a name that nobody asked for is a typing error. */
  rejectUnknown(): void {
    for (const name of Object.keys(this.#options)) {
      if (this.#known.has(name)) continue;
      const near = nearest(name, this.#known);
      const hint = near.length > 0 ? ` Did you mean '${near[0]}'?` : ` There are: ${[...this.#known].join(', ')}.`;
      throw new PermafrostError('INVALID_ARGUMENT', `There is no option '${name}'.${hint}`);
    }
  }

  #take(name: string): unknown {
    this.#known.add(name);
    return this.#options[name];
  }
}
