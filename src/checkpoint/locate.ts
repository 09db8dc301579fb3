/** From whatever names a checkpoint (prefix, folder, state file, one of its files) to the prefix of its files. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PermafrostError } from '../errors.js';
import { fileKind, kindName } from '../io/file-kind.js';
import { readWhole } from '../io/read-file.js';
import { listNames, nearest } from '../nearest.js';
import { parseText } from '../proto/text-format.js';

const shardName = /\.data-\d{5}-of-\d{5}$/;

/** What a file of a bundle, or the graph beside it, adds to the prefix. */
const suffixes = [/\.index$/, shardName, /\.meta$/];

/**
 * @param given the prefix (`model.ckpt-100`), a folder with a `checkpoint` file, that file, or any file of the bundle.
 * @returns the prefix of a bundle whose index exists.
 * @throws PermafrostError CHECKPOINT_NOT_FOUND, WRONG_FILE_KIND, CHECKPOINT_UNSUPPORTED
 */
export async function locateCheckpoint(given: string): Promise<string> {
  if (await exists(`${given}.index`)) return given;
  const info = await stat(given).catch(() => undefined);
  if (info?.isDirectory()) return locateInFolder(given);
  for (const suffix of suffixes) {
    const prefix = given.replace(suffix, '');
    if (prefix !== given && (await exists(`${prefix}.index`))) return prefix;
  }
  if (info) return locateFromFile(given);
  throw new PermafrostError('CHECKPOINT_NOT_FOUND', await notFound(given));
}

/** What the folder's `checkpoint` file names; else a SavedModel's variables; else the only checkpoint there is. */
async function locateInFolder(folder: string): Promise<string> {
  const stateFile = join(folder, 'checkpoint');
  if (await exists(stateFile)) return locateFromState(stateFile);
  const variables = join(folder, 'variables', 'variables');
  if (await exists(`${variables}.index`)) return variables;
  const prefixes = await prefixesIn(folder);
  if (prefixes.length === 1) return prefixes[0] as string;
  throw new PermafrostError(
    'CHECKPOINT_NOT_FOUND',
    prefixes.length === 0
      ? `${folder} is a folder without a checkpoint: it has neither a 'checkpoint' file nor an .index file.`
      : `${folder} is a folder of several checkpoints without a 'checkpoint' file that names the newest. ` +
          `Pass one of ${listNames(prefixes)}.`,
  );
}

/** The newest checkpoint that a `checkpoint` file names; where its folder was moved, the one of that name beside it. */
async function locateFromState(stateFile: string): Promise<string> {
  const named = await newestNamed(stateFile);
  if (!named) {
    throw new PermafrostError(
      'CHECKPOINT_NOT_FOUND',
      `${stateFile} names no checkpoint (its model_checkpoint_path is empty). Pass the prefix of one instead.`,
    );
  }
  const folder = dirname(stateFile);
  const candidates = [resolve(folder, named), join(folder, basename(named))];
  for (const prefix of candidates) if (await exists(`${prefix}.index`)) return prefix;
  throw new PermafrostError(
    'CHECKPOINT_NOT_FOUND',
    `${stateFile} names the checkpoint '${named}', and there is no such file: looked for ` +
      `${[...new Set(candidates)].map((prefix) => `${prefix}.index`).join(' and ')}. Copy it there, or pass another prefix.`,
  );
}

async function newestNamed(stateFile: string): Promise<string | undefined> {
  const text = await readWhole(stateFile);
  const state = await parseText('CheckpointState', text.toString('utf8'), stateFile, 'CHECKPOINT_MALFORMED');
  return (state as { model_checkpoint_path?: string }).model_checkpoint_path;
}

async function locateFromFile(file: string): Promise<string> {
  const kind = await fileKind(file);
  if (kind === 'checkpoint-state') return locateFromState(file);
  if (kind === 'checkpoint-v1') {
    throw new PermafrostError(
      'CHECKPOINT_UNSUPPORTED',
      `${file} is a V1 checkpoint (one file, written by Saver(write_version=V1)); this version reads V2 checkpoints. ` +
        'Restore it in TensorFlow and save it again with the default format.',
    );
  }
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
