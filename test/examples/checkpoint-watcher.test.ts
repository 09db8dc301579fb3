// The watcher beside a training that writes checkpoints as TensorFlow does: shards, index, then the file `checkpoint`.
import { existsSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { float32 } from '../support/bytes.js';
import { namesIn, temporaryFolder } from '../support/folder.js';
import { smallModel, smallTensors } from '../support/model.js';
import { type Running, root, startNode, until } from '../support/run.js';
import { writeBundle } from '../support/write-bundle.mjs';

function writeCheckpoint(training: string, step: number): void {
  const tensors = smallTensors.map((tensor) => ({ ...tensor, bytes: float32(step, -step) }));
  writeBundle(join(training, `model.ckpt-${step}`), tensors);
}

function save(training: string, step: number): void {
  writeCheckpoint(training, step);
  const state = join(training, 'checkpoint');
  writeFileSync(`${state}.tmp`, `model_checkpoint_path: "model.ckpt-${step}"\n`);
  renameSync(`${state}.tmp`, state);
}

/** Of the small model's graph. */
function startWatcher(training: string, targets: string): Running {
  return startNode('examples/checkpoint-watcher/watch.mjs', training, smallModel().graph, 'y', targets);
}

it('the watcher freezes each new checkpoint and keeps a link to the newest', async () => {
  // As people name it: a path in the working folder.
  const training = relative(root, temporaryFolder());
  // It has no file `checkpoint` yet, and may not be whole.
  writeCheckpoint(training, 1);
  const targets = join(temporaryFolder(), 'frozen');
  const { child, ended } = startWatcher(training, targets);
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
  expect(namesIn(targets)).toEqual(['.newest.pb']);
  for (const step of [1, 2, 300]) {
    save(training, step);
    await until(() => printed.includes(`model.ckpt-${step}.pb is frozen`));
    expect(readlinkSync(join(targets, 'newest.pb'))).toBe(`model.ckpt-${step}.pb`);
    expect(readFileSync(join(targets, 'newest.pb')).includes(float32(step, -step))).toBe(true);
  }
  // None was frozen twice, nor is one that is still the same.
  save(training, 300);
  writeFileSync(join(training, 'checkpoint'), 'no checkpoint');
  await until(() => complaints.includes('WRONG_FILE_KIND'));
  expect(printed.match(/frozen/g)).toHaveLength(3);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, signal: null });
  expect(namesIn(targets)).toEqual(['model.ckpt-1.pb', 'model.ckpt-2.pb', 'model.ckpt-300.pb', 'newest.pb']);
});

it('the watcher keeps its link from a checkpoint of that name', async () => {
  const training = temporaryFolder();
  const targets = join(temporaryFolder(), 'frozen');
  save(training, 1);
  const { child, ended } = startWatcher(training, targets);
  let complaints = '';
  child.stderr?.on('data', (text: string) => {
    complaints += text;
  });
  await until(() => existsSync(join(targets, 'newest.pb')));
  writeBundle(join(training, 'newest'), smallTensors);
  writeFileSync(join(training, 'checkpoint'), 'model_checkpoint_path: "newest"\n');
  await until(() => complaints.includes('INVALID_ARGUMENT'));
  expect(readlinkSync(join(targets, 'newest.pb'))).toBe('model.ckpt-1.pb');
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, signal: null });
});

it('the watcher ends when the folder of the training is gone', async () => {
  const training = temporaryFolder();
  const targets = join(temporaryFolder(), 'frozen');
  const { ended } = startWatcher(training, targets);
  await until(() => existsSync(targets));
  // It watches from then on, or soon.
  save(training, 1);
  await until(() => existsSync(join(targets, 'newest.pb')));
  rmSync(training, { recursive: true });
  expect(await ended).toMatchObject({ code: 1, signal: null, stderr: expect.stringContaining(`${training} is gone`) });
});
