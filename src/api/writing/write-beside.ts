/** Writes a file, and another one that belongs to it, into one folder. */
import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import { PermafrostError, reason } from '../../errors.js';
import type { BesideFile } from '../../layouts/frozen-model.js';
import { PlanBuilder } from '../../plan/plan.js';
import { refuseSource, type WriteSettings, write } from './write.js';

/** Where the file goes that is written beside a target. */
export function besidePath(target: string, { name }: BesideFile): string {
  return join(dirname(target), name);
}

/**
 * The second file waits under another name until the first is in place, so that whatever fails until then leaves both as they
 * were. Two renames are not one: a process that is killed between them, or a second rename that fails, leaves the first file new
 * and the second as it was.
 * @param writeFirst writes the target of `settings`, and calls `inPlace` as soon as it is there.
 * @throws PermafrostError as `write`
 */
export async function writeBeside<T>(
  file: BesideFile,
  checkpoint: Checkpoint,
  settings: WriteSettings,
  writeFirst: (inPlace: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const { out, dryRun } = settings;
  const path = besidePath(out, file);
  if (basename(out) === file.name) {
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `The target ${out} has the name of the file with its functions, which is written beside it. Choose another name.`,
    );
  }
  await refuseSource(checkpoint, { ...settings, out: path });
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw failed(path, out, 'it is a directory');
  // As the core names what is not complete: a process that is killed leaves it.
  const waiting = join(dirname(path), `.permafrost-${randomBytes(4).toString('hex')}.tmp`);
  const plan = new PlanBuilder();
  plan.literal(file.bytes);
  plan.endFile('');
  await write(plan.finish(), checkpoint, { ...settings, out: waiting, onProgress: undefined });
  const inPlace = async (): Promise<void> => {
    if (dryRun) return;
    try {
      await rename(waiting, path);
      if (settings.durable) await syncFolder(dirname(path));
    } catch (error) {
      throw failed(path, out, reason(error), error);
    }
  };
  return writeFirst(inPlace).finally(() => rm(waiting, { force: true }));
}

/** The core has done so for the first file, when the second still had another name. */
async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder);
  await opened.sync().finally(() => opened.close());
}

function failed(path: string, out: string, why: string, cause?: unknown): PermafrostError {
  const message = `The functions of ${out} cannot be written to ${path}: ${why}.`;
  return new PermafrostError('WRITE_FAILED', message, { cause });
}
