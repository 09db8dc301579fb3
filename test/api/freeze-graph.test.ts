import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { FreezeGraphOptions } from '../../src/index.js';
import { failure } from '../support/failure.js';
import { namesIn, temporaryFolder } from '../support/folder.js';
import { freezeGraph } from '../support/freeze.js';
import { encode, viewGraphDef } from '../support/graph-def.js';
import { type SmallModel, smallModel, smallNodes } from '../support/model.js';

const demo = fileURLToPath(new URL('../../examples/demo', import.meta.url));

function required({ graph, checkpoint, out }: SmallModel): FreezeGraphOptions {
  return { input_graph: graph, input_checkpoint: checkpoint, output_node_names: 'y', output_graph: out };
}

async function refusal(changes: Record<string, unknown>): Promise<[code: string, message: string]> {
  const options = { ...required(smallModel()), ...changes } as unknown as FreezeGraphOptions;
  const error = await failure(() => freezeGraph(options));
  return [error.code, error.message];
}

it("TensorFlow's call, word for word, gives TensorFlow's bytes", async () => {
  const out = join(temporaryFolder(), 'frozen.pb');
  await freezeGraph({
    input_graph: join(demo, 'graph.pb'),
    input_saver: '',
    input_binary: true,
    input_checkpoint: join(demo, 'model.ckpt-200'),
    output_node_names: 'inference/probabilities',
    restore_op_name: 'save/restore_all',
    filename_tensor_name: 'save/Const:0',
    output_graph: out,
    clear_devices: true,
    initializer_nodes: '',
    variable_names_whitelist: '',
    variable_names_denylist: '',
    input_meta_graph: '',
    input_saved_model_dir: '',
    saved_model_tags: 'serve',
    checkpoint_version: 2,
  });
  expect(readFileSync(out).equals(readFileSync(join(demo, 'frozen-by-tensorflow.pb')))).toBe(true);
});

describe('defaults', () => {
  it('an empty output_graph writes nothing', async () => {
    const model = smallModel();
    const report = await freezeGraph({ ...required(model), output_graph: '' });
    expect(report.out).toBeUndefined();
    expect(namesIn(model.outFolder)).toEqual([]);
  });
  it('devices are cleared', async () => {
    const model = smallModel(smallNodes.map((node) => ({ ...node, device: '/cpu:0' })));
    await freezeGraph(required(model));
    expect(viewGraphDef(readFileSync(model.out)).nodes.get('x')?.device).toBe('');
  });
  it('input_binary does not matter', async () => {
    await expect(freezeGraph({ ...required(smallModel()), input_binary: false })).resolves.toBeDefined();
  });
});

describe('clear_devices: false', () => {
  const nodes = smallNodes.map((node) => ({ ...node, device: '/cpu:0' }));

  it('keeps the devices of a GraphDef', async () => {
    const model = smallModel(nodes);
    await freezeGraph({ ...required(model), clear_devices: false });
    expect(viewGraphDef(readFileSync(model.out)).nodes.get('x')?.device).toBe('/cpu:0');
  });
  it('does not keep those of a MetaGraphDef, as in TensorFlow', async () => {
    const model = smallModel();
    writeFileSync(model.graph, encode('MetaGraphDef', { graph_def: { node: nodes } }));
    await freezeGraph({ ...required(model), input_graph: '', input_meta_graph: model.graph, clear_devices: false });
    expect(viewGraphDef(readFileSync(model.out)).nodes.get('x')?.device).toBe('');
  });
});

describe('the lists', () => {
  for (const name of ['variable_names_denylist', 'variable_names_blacklist'] as const) {
    it(`${name} keeps variables`, async () => {
      expect((await freezeGraph({ ...required(smallModel()), [name]: 'w' })).keptVariables).toEqual(['w']);
    });
  }
  it('variable_names_whitelist freezes what it names', async () => {
    const { variables } = await freezeGraph({ ...required(smallModel()), variable_names_whitelist: 'w' });
    expect(variables.map(({ name }) => name)).toEqual(['w']);
  });
});

describe('what is refused', () => {
  it('no graph', async () => {
    expect(await refusal({ input_graph: '' })).toEqual([
      'INVALID_ARGUMENT',
      'Expected a value for input_graph, input_meta_graph or input_saved_model_dir but received none.',
    ]);
  });
  it('no checkpoint', async () => {
    expect(await refusal({ input_checkpoint: undefined })).toEqual([
      'INVALID_ARGUMENT',
      'Expected a value for input_checkpoint but received none.',
    ]);
  });
  it('no outputs', async () => {
    expect(await refusal({ output_node_names: '' })).toEqual([
      'INVALID_ARGUMENT',
      'Expected at least one node name for output_node_names but received none.',
    ]);
  });
  it('a version of checkpoints that there is none of', async () => {
    expect(await refusal({ checkpoint_version: 3 })).toEqual([
      'INVALID_ARGUMENT',
      'Expected 1 or 2 for checkpoint_version but received 3.',
    ]);
  });
  it('a parameter of another name', async () => {
    expect(await refusal({ output_nodes_names: 'y' })).toEqual([
      'INVALID_ARGUMENT',
      "There is no option 'output_nodes_names'. Did you mean 'output_node_names'?",
    ]);
  });
  it('a parameter of another type', async () => {
    expect(await refusal({ clear_devices: 'False' })).toEqual([
      'INVALID_ARGUMENT',
      "Expected a boolean for clear_devices but received the string 'False'.",
    ]);
  });
  it('extras of another name or type', async () => {
    for (const [extras, message] of [
      [{ durabel: true }, "There is no option 'durabel'. Did you mean 'durable'?"],
      [{ inline: 'yes' }, "Expected a boolean for inline but received the string 'yes'."],
      [{ onProgress: 1 }, 'Expected a function for onProgress but received 1.'],
    ] as const) {
      const error = await failure(() => freezeGraph(required(smallModel()), extras as never));
      expect([error.code, error.message]).toEqual(['INVALID_ARGUMENT', message]);
    }
  });
});
