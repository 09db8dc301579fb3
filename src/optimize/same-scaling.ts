import { createHash } from 'node:crypto';
import type { Scaling } from '../graph/stored-tensor.js';

/** A text that only scalings share that multiply by the same factors in the same places. */
export function textOfScaling({ factors, channels }: Scaling): string {
  const bytes = new Uint8Array(factors.buffer, factors.byteOffset, factors.byteLength);
  return JSON.stringify([channels, createHash('sha256').update(bytes).digest('base64')]);
}
