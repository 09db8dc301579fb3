import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesIn, temporaryFolder } from '../support/folder.js';
import { type SmallModel, smallModel } from '../support/model.js';
import { type Ended, root, runCommand } from '../support/run.js';

function freeze({ graph, checkpoint, out }: SmallModel, ...more: string[]): Promise<Ended> {
  const required = [`--input_graph=${graph}`, `--input_checkpoint=${checkpoint}`, '--output_node_names=y'];
  return runCommand('freeze-graph', ...required, `--output_graph=${out}`, ...more);
}

it("gives TensorFlow's bytes for the demo", async () => {
  const out = join(temporaryFolder(), 'frozen.pb');
  const { code } = await runCommand(
    'freeze-graph',
    '--input_graph=examples/demo/graph.pb',
    '--input_binary=true',
    '--input_checkpoint=examples/demo/model.ckpt-200',
    '--output_node_names=inference/probabilities',
    `--output_graph=${out}`,
  );
  expect(code).toBe(0);
  expect(readFileSync(out).equals(readFileSync(join(root, 'examples/demo/frozen-by-tensorflow.pb')))).toBe(true);
});

it('tells of the freeze on stdout', async () => {
  const model = smallModel();
  const { code, stdout, stderr } = await freeze(model);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Froze 1 variables \(8 bytes\) of /);
});

it('without --output_graph writes nothing', async () => {
  const { graph, checkpoint, outFolder, folder } = smallModel();
  const before = namesIn(folder);
  const flags = [`--input_graph=${graph}`, `--input_checkpoint=${checkpoint}`, '--output_node_names=y'];
  const { code, stdout } = await runCommand('freeze-graph', ...flags);
  expect([code, namesIn(outFolder), namesIn(folder)]).toEqual([0, [], before]);
  expect(stdout).toMatch(/^Would freeze/);
});

it('warns of a word that is no flag and goes on', async () => {
  const { code, stderr } = await freeze(smallModel(), 'stray');
  expect([code, stderr]).toEqual([0, "freeze_graph: 'stray' is no flag and is passed over.\n"]);
});

describe('exit codes and messages', () => {
  it('2: an unknown flag', async () => {
    const model = smallModel();
    const { code, stdout, stderr } = await freeze(model, '--clear_device=true', '--colour');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('INVALID_ARGUMENT: There is no flag --colour.\n');
    expect(namesIn(model.outFolder)).toEqual([]);
  });
  it('2: no flags', async () => {
    const { code, stderr } = await runCommand('freeze-graph');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'INVALID_ARGUMENT: Expected a value for ' +
        'input_graph, input_meta_graph or input_saved_model_dir but received none.\n',
    );
  });
  it('3: a SavedModel that is not there', async () => {
    const { code, stderr } = await freeze(smallModel(), '--input_saved_model_dir=saved');
    expect([code, stderr]).toEqual([3, "FILE_NOT_FOUND: There is no file 'saved'.\n"]);
  });
  it('3: a checkpoint that is not there', async () => {
    const model = smallModel();
    const { code, stderr } = await freeze({ ...model, checkpoint: join(model.folder, 'none') });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^CHECKPOINT_NOT_FOUND: /);
  });
  it('4: a target that is a folder', async () => {
    const model = smallModel();
    const { code, stderr } = await freeze({ ...model, out: model.outFolder });
    expect(code).toBe(4);
    expect(stderr).toMatch(/^WRITE_FAILED: target not writable \(a directory\): /);
  });
});

it('takes a text graph whatever --input_binary says', async () => {
  const model = smallModel();
  const dtype = 'attr { key: "dtype" value { type: DT_FLOAT } }';
  writeFileSync(
    model.graph,
    `node { name: "w" op: "VariableV2" ${dtype} } node { name: "y" op: "Identity" input: "w" }`,
  );
  expect((await freeze(model, '--input_binary=true')).code).toBe(0);
});

it('--help lists the flags', async () => {
  const { code, stdout } = await runCommand('freeze-graph', '--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: freeze_graph --input_graph=FILE/);
  for (const flag of ['--input_meta_graph', '--variable_names_denylist', '--saved_model_tags'])
    expect(stdout).toContain(flag);
});
