import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { float32 } from '../support/bytes.js';
import { temporaryFolder } from '../support/folder.js';
import { float } from '../support/graph-def.js';
import { runCommand } from '../support/run.js';
import { writeBundle } from '../support/write-bundle.mjs';

/** Which TensorFlow wrote. */
const fixture = fileURLToPath(new URL('../native/fixtures/every-dtype', import.meta.url));

it('permafrost list prints the tensors of a checkpoint', async () => {
  const { code, stdout } = await runCommand('permafrost', 'list', `${fixture}.index`);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toContain('float32  float32[2,3]');
  expect(lines).toContain('scalar  float32[]');
  expect(lines).toContain('sliced  float32[3,2]  in 2 slices');
  expect(lines.at(-1)).toBe(`${fixture}: 22 tensors, 377 bytes`);
  const json = JSON.parse((await runCommand('permafrost', 'list', fixture, '--json')).stdout);
  expect(json.checkpoint).toBe(fixture);
  expect(json.tensors).toHaveLength(22);
  expect(json.tensors[0]).toMatchObject({ name: 'bfloat16', dtype: 'bfloat16', shape: [2], bytes: 4 });
});

it('permafrost list prints all tensors of very many', async () => {
  const prefix = join(temporaryFolder(), 'model.ckpt');
  const names = Array.from({ length: 2_000 }, (_, index) => `t${index}`).sort();
  writeBundle(
    prefix,
    names.map((key) => ({ key, dtype: float, shape: [1], bytes: float32(1) })),
  );
  const { stdout } = await runCommand('permafrost', 'list', prefix);
  const all = [...names.map((name) => `${name}  float32[1]`), `${prefix}: 2000 tensors, 8.0 kB`, ''];
  expect(stdout).toBe(all.join('\n'));
  const json = await runCommand('permafrost', 'list', prefix, '--json');
  expect(json.stdout).toBe(`${JSON.stringify(JSON.parse(json.stdout), null, 2)}\n`);
  expect(JSON.parse(json.stdout).tensors.map(({ name }: { name: string }) => name)).toEqual(names);
});

it('permafrost verify says that a checkpoint is whole', async () => {
  const { code, stdout } = await runCommand('permafrost', 'verify', fixture);
  expect([code, stdout]).toEqual([0, `${fixture} is whole: 22 tensors, 377 bytes\n`]);
});

it('permafrost verify names what is damaged, and ends with 3', async () => {
  const prefix = join(temporaryFolder(), 'model.ckpt');
  const tensor = { dtype: float, shape: [2], bytes: float32(1, 2) };
  writeBundle(prefix, [
    { ...tensor, key: 'a' },
    { ...tensor, key: 'b', crc32c: 7 },
    { key: 'v', dtype: 21, shape: [], bytes: Buffer.from('anything') },
  ]);
  const { code, stdout } = await runCommand('permafrost', 'verify', prefix);
  expect(code).toBe(3);
  const [damaged, unread, verdict] = stdout.trimEnd().split('\n');
  expect(damaged).toMatch(/^damaged b: CHECKSUM_MISMATCH: checksum mismatch .*: tensor 'b', bytes 8\.\.16 of /);
  expect(unread).toBe('not read v: only TensorFlow can read it');
  expect(verdict).toBe(`${prefix} is damaged: 1 of 2 tensors, 16 bytes`);
  const json = JSON.parse((await runCommand('permafrost', 'verify', prefix, '--json')).stdout);
  expect(json).toMatchObject({ checkpoint: prefix, tensors: 2, damaged: [{ name: 'b' }], unread: ['v'] });
});

it('a checkpoint that is not there is an error with its code', async () => {
  for (const command of ['list', 'verify']) {
    const { code, stderr } = await runCommand('permafrost', command, 'nowhere');
    expect([code, stderr.split(':')[0]]).toEqual([3, 'CHECKPOINT_NOT_FOUND']);
  }
});
