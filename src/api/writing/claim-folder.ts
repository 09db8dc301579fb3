import { resolve } from 'node:path';
import { layoutFacts } from '../../layouts/layout-name.js';
import type { FreezeSettings } from '../options/freeze-settings.js';
import { claim } from './claim.js';

/** Folders that freezes of this thread are about to make. */
const claimed = new Set<string>();

/**
 * Runs `work`, which makes the folder that the settings name. A folder must be empty, so of two that make the same one the
 * slower would find out when all of it is written; it is told before it begins. A file is replaced by whoever comes last.
 * @throws PermafrostError WRITE_FAILED
 */
export async function claimFolder<T>(
  { target, layout, dryRun }: Pick<FreezeSettings, 'target' | 'layout' | 'dryRun'>,
  work: () => Promise<T>,
): Promise<T> {
  if (dryRun || !layoutFacts[layout].isFolder) return work();
  const folder = resolve(target);
  const told = { name: `the folder ${target}`, remedy: 'Give each a target of its own.' };
  return claim(claimed, folder, told, work);
}
