// V1 checkpoints that are damaged or lie.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { float32 } from '../support/bytes.js';
import { changeEachByte } from '../support/each-byte.js';
import { freeze } from '../support/freeze.js';
import { type SmallModel, smallModel, smallTensors } from '../support/model.js';
import { expectRefused, refusal } from '../support/refusal.js';
import { message, table } from '../support/write-bundle.mjs';
import { writeV1 } from '../support/write-v1.js';

/** The small model with a V1 checkpoint in place of the bundle. */
function v1Model(tensors = smallTensors): SmallModel {
  const model = smallModel();
  for (const suffix of ['.index', '.data-00000-of-00001']) rmSync(model.checkpoint + suffix);
  writeV1(model.checkpoint, tensors);
  return model;
}

describe('a V1 checkpoint', () => {
  it('that is sound freezes to the same bytes as a bundle', async () => {
    const bundle = smallModel();
    await freeze({ graph: bundle.graph, checkpoint: bundle.checkpoint, outputs: 'y', out: bundle.out });
    const { graph, checkpoint, out } = v1Model();
    const report = await freeze({ graph, checkpoint, outputs: 'y', out });
    expect(readFileSync(out).equals(readFileSync(bundle.out))).toBe(true);
    expect(report.checkpoint).toBe(checkpoint);
  });
  it('cut at any byte is refused', async () => {
    const model = v1Model();
    const whole = readFileSync(model.checkpoint);
    for (let size = 0; size < whole.length; size++) {
      writeFileSync(model.checkpoint, whole.subarray(0, size));
      const { code } = await refusal(model);
      // Without its end it is no table, and so no checkpoint.
      expect(code, `cut after ${size} bytes`).toBe('WRONG_FILE_KIND');
    }
  });
  it('with any byte changed is refused, or is of no consequence', async () => {
    const model = v1Model();
    const codes = /^(CHECKPOINT_MALFORMED|CHECKSUM_MISMATCH|WRONG_FILE_KIND)$/;
    const { refused, size } = await changeEachByte(model, model.checkpoint, codes);
    // Nothing reads the metaindex and the padding of the footer, 13 and at most 36 bytes.
    expect(refused).toBeGreaterThanOrEqual(size - 50);
  });
  it('whose values are fewer than its shape says', () =>
    expectRefused(
      v1Model([{ key: 'w', dtype: 1, shape: [2], bytes: float32(1) }]),
      'CHECKPOINT_MALFORMED',
      /^holds 1 elements, its shape has 2: tensor 'w', bytes \d+\.\.\d+ of .*model\.ckpt\. The checkpoint is damaged/,
    ));
  it('of another shape than the variable', () =>
    expectRefused(v1Model([{ key: 'w', dtype: 1, shape: [3], bytes: float32(1, 2, 3) }]), 'VARIABLE_MISMATCH', /'w'/));
  it('whose list of tensors is none', () => {
    const model = v1Model();
    writeFileSync(model.checkpoint, table([{ key: Buffer.alloc(0), value: message(1, Buffer.from([0x0a])) }]));
    return expectRefused(model, 'CHECKPOINT_MALFORMED', /^bad V1 checkpoint \(its list of tensors is malformed\): /);
  });
});
