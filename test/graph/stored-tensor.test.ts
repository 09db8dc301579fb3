import { expect, it } from 'vitest';
import { type StoredTensor, storedPart } from '../../src/graph/stored-tensor.js';
import { stored } from '../support/stored.js';

it('parts of a tensor are told apart, whatever becomes of them, and tensors too', () => {
  const whole = stored('w', 1, [4, 2]);
  const rows = (start: number): StoredTensor =>
    whole.part([
      { start, length: 2 },
      { start: 0, length: 2 },
    ]);
  const names = [whole, rows(0), rows(2), stored('v', 2, [4, 2])].map(storedPart);
  expect(new Set(names).size).toBe(4);
  expect([storedPart(rows(2)), storedPart(rows(2).as({ type: 'float16' }))]).toEqual([names[2], names[2]]);
});
