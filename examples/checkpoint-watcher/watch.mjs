// Freezes each new checkpoint of a training that runs: see the README beside this.
import { existsSync, watch } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { freeze, isPermafrostError, PermafrostError } from 'permafrost';

const [training, graph, outputs, targets] = process.argv.slice(2);
if (targets === undefined) throw new Error('node watch.mjs TRAINING_FOLDER GRAPH OUTPUTS TARGET_FOLDER');

/** The link, and what takes its place in one step. */
const [newest, next] = ['newest.pb', '.newest.pb'];

let frozen;
let isBusy = false;
let isChanged = true;

await mkdir(targets, { recursive: true });
const watcher = watch(training, (_event, name) => {
  // Of one that takes its place, nothing would be heard.
  if (!existsSync(training)) return end(new Error(`The folder ${training} is gone. Start again when there is one.`));
  // A name need not be told; then anything may have changed.
  if (name !== null && name !== 'checkpoint') return;
  isChanged = true;
  void freezeNewest();
});
process.once('SIGTERM', () => watcher.close());
await freezeNewest();

function end(error) {
  watcher.close();
  console.error(error.message);
  process.exitCode = 1;
}

/** One after the other. What changes meanwhile is looked at when the freeze is over. */
async function freezeNewest() {
  if (isBusy) return;
  isBusy = true;
  while (isChanged) {
    isChanged = false;
    try {
      await freezeOnce();
    } catch (error) {
      // There is none yet, or it is gone again: the training goes on, and so does this.
      if (!isPermafrostError(error)) throw error;
      console.error(`${error.code}: ${error.message}`);
    }
  }
  isBusy = false;
}

async function freezeOnce() {
  // Which one it is, without reading more than the index. Of the folder itself, a lone checkpoint would do, whole or not.
  const options = { graph, outputs, checkpoint: join(training, 'checkpoint') };
  const { checkpoint } = await freeze({ ...options, dryRun: true });
  if (checkpoint === frozen) return;
  const name = `${basename(checkpoint)}.pb`;
  if (name === newest || name === next) {
    const message = `No graph of a checkpoint '${basename(checkpoint)}' is written: ${newest} is the link to the newest one.`;
    throw new PermafrostError('INVALID_ARGUMENT', message);
  }
  await freeze({ ...options, checkpoint, out: join(targets, name) });
  // A watcher that was killed may have left it.
  await rm(join(targets, next), { force: true });
  await symlink(name, join(targets, next));
  await rename(join(targets, next), join(targets, newest));
  frozen = checkpoint;
  console.log(`${name} is frozen`);
}
