/** What becomes of a freeze when a file of its checkpoint has one byte changed, for each byte in turn. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { isPermafrostError } from '../../src/index.js';
import { namesIn } from './folder.js';
import { freeze } from './freeze.js';
import type { SmallModel } from './model.js';

/**
 * Each change must be refused with one of the codes and leave no file, or be of no consequence.
 * @returns how many were refused, of how many bytes.
 */
export async function changeEachByte(
  { graph, checkpoint, out, outFolder }: SmallModel,
  path: string,
  codes: RegExp,
): Promise<{ refused: number; size: number }> {
  const whole = readFileSync(path);
  await freeze({ graph, checkpoint, outputs: 'y', out });
  const frozen = readFileSync(out);
  let refused = 0;
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
    writeFileSync(path, bytes);
    rmSync(out, { force: true });
    try {
      await freeze({ graph, checkpoint, outputs: 'y', out });
      expect(readFileSync(out).equals(frozen), `byte ${at}`).toBe(true);
    } catch (error) {
      expect(isPermafrostError(error) && error.code, `byte ${at}`).toMatch(codes);
      expect(namesIn(outFolder)).toEqual([]);
      refused++;
    }
  }
  return { refused, size: whole.length };
}
