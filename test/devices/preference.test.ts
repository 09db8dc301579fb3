import { describe, expect, it } from 'vitest';
import { parsePreference } from '../../src/devices/preference.js';
import { failure } from '../support/failure.js';

describe('a preference', () => {
  it.each(['clear', 'keep'])('may be %s alone', (word) => {
    expect(parsePreference([word])).toBe(word);
  });

  it('is a list of targets, each with the number of a device or 0', () => {
    expect(parsePreference(['npu:3', 'gpu', 'cpu:0'])).toEqual([
      { target: 'npu', index: 3 },
      { target: 'gpu', index: 0 },
      { target: 'cpu', index: 0 },
    ]);
  });

  it.each(['GPU:0', '/gpu:0', 'gpu:', 'gpu:-1', 'gpu:x', 'gpu:0:1', '', ':0', 'gpu:9999999999', 'g pu'])(
    '%j is refused',
    async (text) => {
      expect(await failure(() => parsePreference([text]))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );

  it('does not keep some nodes and place others', () => {
    // `keep` would have to be a target then; there is none of that name, which is told where targets are known.
    expect(parsePreference(['keep', 'cpu'])).toEqual([
      { target: 'keep', index: 0 },
      { target: 'cpu', index: 0 },
    ]);
  });
});
