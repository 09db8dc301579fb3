// The watcher beside a training that writes checkpoints as TensorFlow does: shards, index, then the file `checkpoint`.
import { existsSync, readFileSync, readlinkSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { float32 } from '../support/bytes.js';
import { namesIn, temporaryFolder } from '../support/folder.js';
import { smallModel, smallTensors } from '../support/model.js';
import { startNode, until } from '../support/run.js';
import { writeBundle } from '../support/write-bundle.mjs';

function save(training: string, step: number): void {
  const tensors = smallTensors.map((tensor) => ({ ...tensor, bytes: float32(step, -step) }));
  writeBundle(join(training, `model.ckpt-${step}`), tensors);
  const state = join(training, 'checkpoint');
  writeFileSync(`${state}.tmp`, `model_checkpoint_path: "model.ckpt-${step}"\n`);
  renameSync(`${state}.tmp`, state);
}

it('the watcher freezes each new checkpoint and keeps a link to the newest', async () => {
  const training = temporaryFolder();
  const targets = join(temporaryFolder(), 'frozen');
  const { child, ended } = startNode(
    'examples/checkpoint-watcher/watch.mjs',
    training,
    smallModel().graph,
    'y',
    targets,
  );
  let printed = '';
  let complaints = '';
  child.stdout?.on('data', (text: string) => {
    printed += text;
  });
  child.stderr?.on('data', (text: string) => {
    complaints += text;
  });
  // Another watcher was killed between making the link and putting it in place.
  await until(() => existsSync(targets));
  symlinkSync('model.ckpt-0.pb', join(targets, '.newest.pb'));
  // There is no checkpoint yet, and it says so.
  await until(() => complaints.includes('CHECKPOINT_NOT_FOUND'));
  for (const step of [1, 2, 300]) {
    save(training, step);
    await until(() => printed.includes(`model.ckpt-${step}.pb is frozen`));
    expect(readlinkSync(join(targets, 'newest.pb'))).toBe(`model.ckpt-${step}.pb`);
    expect(readFileSync(join(targets, 'newest.pb')).includes(float32(step, -step))).toBe(true);
  }
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, signal: null });
  expect(namesIn(targets)).toEqual(['model.ckpt-1.pb', 'model.ckpt-2.pb', 'model.ckpt-300.pb', 'newest.pb']);
});
