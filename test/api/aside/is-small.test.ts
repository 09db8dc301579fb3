import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSmall } from '../../../src/api/aside/is-small.js';
import type { FreezeOptions } from '../../../src/api/options/freeze-options.js';
import { readFreezeOptions } from '../../../src/api/options/read-freeze-options.js';
import { temporaryFolder } from '../../support/folder.js';
import { float } from '../../support/graph-def.js';
import { smallModel } from '../../support/model.js';
import { writeV1 } from '../../support/write-v1.js';

const large = Buffer.alloc(100_000);

function small(options: FreezeOptions): Promise<boolean> {
  return isSmall(readFreezeOptions({ dryRun: true, ...options }));
}

describe('a freeze is small', () => {
  it('where graph and index are, whatever the size of the shards', async () => {
    const { graph, checkpoint } = smallModel();
    writeFileSync(`${checkpoint}.data-00000-of-00001`, large);
    expect(await small({ graph, checkpoint })).toBe(true);
  });
  it('where there are no such files', async () => {
    expect(await small({ graph: 'none.pb', checkpoint: 'none' })).toBe(true);
  });
});

describe('a freeze is not small', () => {
  it.each(['graph', 'saver', 'variableMap'] as const)('with a large file as %s', async (option) => {
    const model = smallModel();
    const file = join(model.folder, 'large');
    writeFileSync(file, large);
    expect(await small({ graph: model.graph, checkpoint: model.checkpoint, [option]: file })).toBe(false);
  });
  it('with a large index, however the checkpoint is named', async () => {
    const { graph, folder, checkpoint } = smallModel();
    writeFileSync(`${checkpoint}.index`, large);
    for (const named of [checkpoint, `${checkpoint}.index`, folder]) {
      expect(await small({ graph, checkpoint: named })).toBe(false);
    }
  });
  it('with a large file of a V1 checkpoint', async () => {
    const { graph, folder } = smallModel();
    const checkpoint = join(folder, 'old.ckpt');
    writeV1(checkpoint, [{ key: 'w', dtype: float, shape: [large.length / 4], bytes: large }]);
    expect(await small({ graph, checkpoint })).toBe(false);
  });
  it('where graph and index are only together', async () => {
    const { graph, checkpoint } = smallModel();
    for (const file of [graph, `${checkpoint}.index`]) writeFileSync(file, large.subarray(50_000));
    expect(await small({ graph, checkpoint })).toBe(false);
  });
  it('where the bytes of the graph are many', async () => {
    const { checkpoint } = smallModel();
    expect(await small({ graph: large, checkpoint })).toBe(false);
    expect(await small({ graph: large.subarray(50_000), checkpoint })).toBe(true);
  });
  it('for inference, where its graph would be small otherwise', async () => {
    const { graph, checkpoint } = smallModel();
    expect(await small({ graph, checkpoint, inference: true })).toBe(true);
    writeFileSync(graph, large.subarray(50_000));
    expect(await small({ graph, checkpoint })).toBe(true);
    expect(await small({ graph, checkpoint, inference: true })).toBe(false);
  });
  it('of a large SavedModel, or one with many variables', async () => {
    for (const file of ['saved_model.pb', 'saved_model.pbtxt', 'variables/variables.index']) {
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'variables'));
      writeFileSync(join(folder, file), large);
      expect(await small({ graph: folder })).toBe(false);
      expect(await small({ graph: join(folder, 'saved_model.pb') })).toBe(file.endsWith('pbtxt'));
    }
  });
  it.each([
    { inline: true },
    { optimize: true },
    { layout: 'tfjs' },
    { initializers: 'init' },
    { weights: 'int8' },
  ] as const)('with %o', async (more) => {
    const { graph, checkpoint } = smallModel();
    expect(await small({ graph, checkpoint, ...more })).toBe(false);
  });
});
