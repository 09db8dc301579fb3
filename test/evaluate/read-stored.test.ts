import { expect, it } from 'vitest';
import { Checkpoint } from '../../src/checkpoint/checkpoint.js';
import { readStored } from '../../src/evaluate/read-stored.js';
import type { StoredTensor } from '../../src/graph/stored-tensor.js';
import { float32 } from '../support/bytes.js';
import { float } from '../support/graph-def.js';
import { smallModel, smallNodes } from '../support/model.js';

const numbers = { key: 'a', dtype: float, shape: [2, 3], bytes: float32(1, 2, 3, 4, 5, 6) };

it('reads whole tensors and parts of them', async () => {
  const { checkpoint: prefix } = smallModel(smallNodes, [numbers]);
  const checkpoint = await Checkpoint.open(prefix);
  const whole = checkpoint.get('a') as StoredTensor;
  const part = whole.part([
    { start: 0, length: 2 },
    { start: 1, length: 1 },
  ]);
  const values = await readStored([whole, part], checkpoint);
  checkpoint.close();
  expect([...(values.get(whole)?.numbers() ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...(values.get(part)?.numbers() ?? [])]).toEqual([2, 5]);
  expect(values.get(part)?.shape).toEqual([2, 1]);
});

it('refuses what is not what was saved', async () => {
  const { checkpoint: prefix } = smallModel(smallNodes, [{ ...numbers, crc32c: 1 }]);
  const checkpoint = await Checkpoint.open(prefix);
  const read = readStored([checkpoint.get('a') as StoredTensor], checkpoint);
  await expect(read).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
  checkpoint.close();
});
