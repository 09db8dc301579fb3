// SavedModels and what belongs to them, damaged.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isPermafrostError, type LayoutName } from '../../src/index.js';
import { freeze } from '../support/freeze.js';
import { encode, stringTensor } from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { metaGraph, savedModel, savedModelBytes } from '../support/saved-model.js';

/** Whether it was frozen; a failure must be a PermafrostError. */
async function frozen(folder: string, layout: LayoutName): Promise<boolean> {
  try {
    await freeze({ graph: folder, layout, dryRun: true });
    return true;
  } catch (error) {
    if (!isPermafrostError(error)) throw error;
    return false;
  }
}

const asset = { tensor_info: { name: 'path:0' }, filename: '../../../etc/passwd' };
const bytes = savedModelBytes(
  metaGraph(
    {
      asset_file_def: [asset],
      collection_def: { saved_model_assets: { any_list: { value: [{ value: encode('AssetFileDef', asset) }] } } },
      saver_def: { restore_op_name: 'save/restore_all' },
    },
    ['serve'],
    [...smallNodes, { name: 'path', op: 'Const', attr: { value: stringTensor('a') } }],
  ),
);

describe.each<LayoutName>(['graph-def', 'saved-model'])('one byte of a SavedModel is changed, for %s', (layout) => {
  it.each([0x01, 0x80, 0xff])('by %i, anywhere: it is frozen or refused', async (change) => {
    const folder = savedModel(bytes);
    const file = join(folder, 'saved_model.pb');
    const whole = readFileSync(file);
    let refused = 0;
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ change;
      writeFileSync(file, damaged);
      if (!(await frozen(folder, layout))) refused++;
    }
    // Most bytes are names and lengths, which cannot change unseen.
    expect(refused).toBeGreaterThan(whole.length / 4);
  });
});
