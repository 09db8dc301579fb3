import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takePlan } from '../../../src/api/writing/take-plan.js';
import { Checkpoint } from '../../../src/checkpoint/checkpoint.js';
import { liveHandles } from '../../../src/index.js';
import { PayloadEncoding } from '../../../src/native.js';
import { type Plan, PlanBuilder } from '../../../src/plan/plan.js';
import { float32 } from '../../support/bytes.js';
import { failure } from '../../support/failure.js';
import { temporaryFolder } from '../../support/folder.js';
import { float } from '../../support/graph-def.js';
import { writeBundle } from '../../support/write-bundle.mjs';

const none = { inMemory: false, signal: undefined, onProgress: undefined };

/** Three chunks and a byte. */
function literals(): Plan {
  const plan = new PlanBuilder();
  plan.literal(new Uint8Array(3 * 2 ** 20 + 1));
  return plan.finish();
}

describe('taking a plan', () => {
  it('lets go of each tensor, at its end and when it fails', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    const stored = { dtype: float, shape: [2], bytes: float32(1, 2) };
    writeBundle(prefix, [
      { key: 'damaged', ...stored, crc32c: 1 },
      { key: 'sound', ...stored },
    ]);
    const checkpoint = await Checkpoint.open(prefix);
    for (const key of ['sound', 'damaged']) {
      const tensor = checkpoint.get(key);
      if (!tensor) expect.fail(key);
      const plan = new PlanBuilder();
      plan.tensor({ tensor, encoding: PayloadEncoding.raw, size: 8 });
      const taken: Uint8Array[] = [];
      const job = takePlan(plan.finish(), checkpoint, none, async (chunk) => void taken.push(chunk));
      if (key === 'damaged') expect((await failure(() => job)).code).toBe('CHECKSUM_MISMATCH');
      else await job.then(() => expect(Buffer.concat(taken)).toEqual(Buffer.from(float32(1, 2))));
      expect(liveHandles()).toEqual({ checkpoints: 1, streams: 0, jobs: 0 });
    }
    checkpoint.close();
    expect(liveHandles().checkpoints).toBe(0);
  });

  it('ends when it is aborted, though whoever takes would go on', async () => {
    const ending = new AbortController();
    let taken = 0;
    const take = async (): Promise<void> => {
      taken++;
      ending.abort('why');
    };
    const checkpoint = Checkpoint.empty();
    const error = await failure(() => takePlan(literals(), checkpoint, { ...none, signal: ending.signal }, take));
    expect([error.code, error.cause, taken]).toEqual(['ABORTED', 'why', 1]);
  });
});
