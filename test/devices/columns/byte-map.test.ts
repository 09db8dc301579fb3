import { expect, it } from 'vitest';
import { ByteMap } from '../../../src/devices/columns/byte-map.js';

it('a map by bytes has one value for all that are equal, also where hashes are', () => {
  const map = new ByteMap<string>();
  // 31 * 1 + 31 = 31 * 2 + 0, as the hash has it.
  const keys = [[1, 31], [2, 0], [], [0], [0, 0], [1, 31, 5], [2, 0, 5]];
  const found = (key: readonly number[], made: string): string => map.get(Uint8Array.from(key), () => made);
  for (const key of keys) expect(found(key, `${key}`)).toBe(`${key}`);
  for (const key of keys) expect(found(key, 'made again')).toBe(`${key}`);
});
