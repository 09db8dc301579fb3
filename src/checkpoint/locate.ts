/** From whatever names a checkpoint (prefix, folder, state file, one of its files) to its files. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { PermafrostError } from '../errors.js';
import { fileKind, kindName } from '../io/file-kind.js';
import { readText } from '../io/read-file.js';
import { listNames, nearest } from '../nearest.js';
import { refuseHidden } from '../permission.js';
import { parseText } from '../proto/text-format.js';
import { locateV1 } from './locate-v1.js';

const shardName = /\.data-\d{5}-of-\d{5}$/;

/** What a file of a bundle, or the graph beside it, adds to the prefix. */
const suffixes = [/\.index$/, shardName, /\.meta$/];

export interface CheckpointFiles {
  readonly prefix: string;
  /** All files of a V1 checkpoint. Undefined for a bundle, whose files are the index and what that tells. */
  readonly files?: readonly string[];
}

/**
 * @param given the prefix (`model.ckpt-100`), a folder with a `checkpoint` file, that file, or any file of the checkpoint.
 * @returns a bundle whose index exists, or a V1 checkpoint; where both are there the bundle, as in TensorFlow.
 * @throws PermafrostError CHECKPOINT_NOT_FOUND, WRONG_FILE_KIND, SHARD_MISSING
 */
export async function locateCheckpoint(given: string): Promise<CheckpointFiles> {
  if (await exists(`${given}.index`)) return { prefix: given };
  const info = await stat(given).catch(() => undefined);
  if (info?.isDirectory()) return locateInFolder(given);
  for (const suffix of suffixes) {
    const prefix = given.replace(suffix, '');
    const found = prefix !== given && (await locatePrefix(prefix));
    if (found) return found;
  }
  const old = await locateV1(given);
  if (old) return old;
  if (info) return locateFromFile(given);
  refuseHidden(given);
  refuseHidden(`${given}.index`);
  throw new PermafrostError('CHECKPOINT_NOT_FOUND', await notFound(given));
}

async function locatePrefix(prefix: string): Promise<CheckpointFiles | undefined> {
  return (await exists(`${prefix}.index`)) ? { prefix } : locateV1(prefix);
}

/** What the folder's `checkpoint` file names; else a SavedModel's variables; else the only checkpoint there is. */
async function locateInFolder(folder: string): Promise<CheckpointFiles> {
  const stateFile = join(folder, 'checkpoint');
  if (await exists(stateFile)) return locateFromState(stateFile);
  const variables = join(folder, 'variables', 'variables');
  if (await exists(`${variables}.index`)) return { prefix: variables };
  const prefixes = await prefixesIn(folder);
  if (prefixes.length === 1) return { prefix: prefixes[0] as string };
  throw new PermafrostError(
    'CHECKPOINT_NOT_FOUND',
    prefixes.length === 0
      ? `${folder} is a folder without a checkpoint: it has neither a 'checkpoint' file nor an .index file.`
      : `${folder} is a folder of several checkpoints without a 'checkpoint' file that names the newest. ` +
          `Pass one of ${listNames(prefixes)}.`,
  );
}

/**
 * The newest checkpoint that a `checkpoint` file names; where its folder was moved, the one of that name beside it. TensorFlow
 * goes wherever the file says. Here it does not lead out of its folder: whoever hands over a folder hands over what is in it,
 * and not what else this process can read.
 */
async function locateFromState(stateFile: string): Promise<CheckpointFiles> {
  const named = await newestNamed(stateFile);
  if (!named) {
    throw new PermafrostError(
      'CHECKPOINT_NOT_FOUND',
      `${stateFile} names no checkpoint (its model_checkpoint_path is empty). Pass the prefix of one instead.`,
    );
  }
  const folder = dirname(stateFile);
  const path = resolve(folder, named);
  const isInside = path.startsWith(join(resolve(folder), sep));
  const candidates = [...(isInside ? [path] : []), join(folder, basename(named))];
  for (const prefix of candidates) {
    const found = await locatePrefix(prefix);
    if (found) return found;
  }
  throw new PermafrostError(
    'CHECKPOINT_NOT_FOUND',
    `${stateFile} names the checkpoint '${named}', and there is no such file: looked for ` +
      `${[...new Set(candidates)].map((prefix) => `${prefix}.index`).join(' and ')}. ` +
      (isInside
        ? 'Copy it there, or pass another prefix.'
        : `What it names is outside of ${folder}: if that is meant, pass '${path}' itself.`),
  );
}

async function newestNamed(stateFile: string): Promise<string | undefined> {
  const text = await readText(stateFile);
  const state = await parseText('CheckpointState', text, stateFile, 'CHECKPOINT_MALFORMED');
  return (state as { model_checkpoint_path?: string }).model_checkpoint_path;
}

async function locateFromFile(file: string): Promise<CheckpointFiles> {
  const kind = await fileKind(file);
  if (kind === 'checkpoint-state') return locateFromState(file);
  if (shardName.test(file)) {
    throw new PermafrostError(
      'CHECKPOINT_NOT_FOUND',
      `${file} is a shard of a checkpoint whose index is missing: there is no ${file.replace(shardName, '.index')}. ` +
        'A checkpoint is readable only with its index; copy both.',
    );
  }
  throw new PermafrostError(
    'WRONG_FILE_KIND',
    `${file} is ${kindName(kind)}, not a checkpoint. Pass a checkpoint's prefix, as in model.ckpt-100 ` +
      '(the part before .index), its folder, or its index.',
  );
}

async function notFound(given: string): Promise<string> {
  const looked = `There is no checkpoint '${given}': neither ${given}.index nor a file or folder of that name exists.`;
  const folder = dirname(given);
  const prefixes = await prefixesIn(folder).catch(() => undefined);
  if (!prefixes) return `${looked} Nor is there a folder ${folder}.`;
  const names = prefixes.map((prefix) => basename(prefix));
  const near = nearest(basename(given), names);
  if (near.length > 0) return `${looked} The nearest in ${folder} are ${listNames(near)}.`;
  return names.length > 0
    ? `${looked} The checkpoints in ${folder} are ${listNames(names)}.`
    : `${looked} There is no other checkpoint in ${folder} either.`;
}

/** The prefixes of the checkpoints in a folder. */
async function prefixesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.index')).map((name) => join(folder, name.slice(0, -'.index'.length)));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
