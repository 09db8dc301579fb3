/**
 * The files of a V1 checkpoint: one table, or several that are called `PREFIX-NNNNN-of-NNNNN`. A Saver gives the latter
 * the name `PREFIX-?????-of-NNNNN`, with the question marks.
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PermafrostError } from '../errors.js';
import { fileKind } from '../io/file-kind.js';
import { listNames } from '../nearest.js';

export interface V1Files {
  readonly prefix: string;
  /** In the order of their numbers. */
  readonly files: readonly string[];
}

const shardSuffix = /-(?:\d{5}|\?{5})-of-(?:(\d{5})|\?{5})$/;

/**
 * @param given the file, the prefix of several, one of them, or the name with question marks.
 * @returns undefined where there is no V1 checkpoint.
 * @throws PermafrostError SHARD_MISSING where some of its files are not there; CHECKPOINT_NOT_FOUND where there are two.
 */
export async function locateV1(given: string): Promise<V1Files | undefined> {
  const suffix = shardSuffix.exec(given);
  if (!suffix && (await isTable(given))) return { prefix: given, files: [given] };
  const prefix = given.replace(shardSuffix, '');
  const shards = await shardsOf(prefix);
  const totals = new Set(suffix?.[1] === undefined ? shards.map(({ total }) => total) : [Number(suffix[1])]);
  const first = shards.find(({ total }) => totals.has(total));
  if (!first || !(await isTable(first.path))) return undefined;
  if (totals.size > 1) {
    const counts = listNames([...totals].map((total) => `${prefix}-00000-of-${digits(total)}`));
    throw new PermafrostError(
      'CHECKPOINT_NOT_FOUND',
      `${prefix} is the beginning of two checkpoints of different numbers of files: pass the first file of one, ${counts}.`,
    );
  }
  const paths = new Map(shards.filter(({ total }) => totals.has(total)).map(({ number, path }) => [number, path]));
  const files: string[] = [];
  for (let number = 0; number < first.total; number++) {
    const path = paths.get(number);
    if (path === undefined) {
      throw new PermafrostError(
        'SHARD_MISSING',
        `${prefix}-${digits(number)}-of-${digits(first.total)} is missing: the checkpoint is ${first.total} files, ` +
          `of which ${paths.size} are there. Copy it beside the others.`,
      );
    }
    files.push(path);
  }
  return { prefix, files };
}

interface Shard {
  readonly number: number;
  readonly total: number;
  readonly path: string;
}

async function shardsOf(prefix: string): Promise<Shard[]> {
  const folder = dirname(prefix);
  const start = `${basename(prefix)}-`;
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => {
    const [, number, total] = (name.startsWith(start) && /^(\d{5})-of-(\d{5})$/.exec(name.slice(start.length))) || [];
    return number === undefined ? [] : { number: Number(number), total: Number(total), path: join(folder, name) };
  });
}

async function isTable(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() === true && (await fileKind(path)) === 'checkpoint-v1';
}

function digits(number: number): string {
  return String(number).padStart(5, '0');
}
