import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesIn } from '../support/folder.js';
import { type SmallModel, smallModel } from '../support/model.js';
import { type Ended, root, runCommand } from '../support/run.js';
import { metaGraph, savedModel, savedModelBytes, smallSignature } from '../support/saved-model.js';

function freeze({ graph, checkpoint, out }: SmallModel, ...more: string[]): Promise<Ended> {
  return runCommand(
    'permafrost',
    'freeze',
    '--graph',
    graph,
    '-c',
    checkpoint,
    '--outputs',
    'y',
    '--out',
    out,
    ...more,
  );
}

describe('permafrost freeze', () => {
  it('writes the frozen graph and tells of it on stdout', async () => {
    const model = smallModel();
    const { code, stdout, stderr } = await freeze(model);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Froze 1 variables (8 bytes) of ${model.checkpoint}`);
    expect(stdout).toContain(`frozen   ${model.out}, ${readFileSync(model.out).length} bytes`);
    expect(namesIn(model.outFolder)).toEqual(['frozen.pb']);
  });

  it('--json prints the report and nothing else', async () => {
    const model = smallModel();
    const { code, stdout, stderr } = await freeze(model, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      out: model.out,
      outputs: ['y'],
      variables: [{ name: 'w', key: 'w', dtype: 'float32', shape: [2], bytes: 8 }],
    });
  });

  it('--weights may be given more than once, and the last rule counts', async () => {
    const model = smallModel();
    const { code, stdout } = await freeze(model, '--weights', 'w=bfloat16,float32', '--weights', '?=float16');
    expect(code).toBe(0);
    expect(stdout).toContain('\n  stored   1 as float16, 0 as they are\n');
  });

  it('--quiet prints nothing', async () => {
    const model = smallModel();
    expect(await freeze(model, '--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(namesIn(model.outFolder)).toEqual(['frozen.pb']);
  });

  it('--layout tfjs writes a folder, with files of the size of --shard-bytes', async () => {
    const model = smallModel();
    const { code, stdout, stderr } = await freeze(model, '--layout', 'tfjs', '--shard-bytes', '5');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(' in 3 files');
    expect(namesIn(model.out)).toEqual(['group1-shard1of2.bin', 'group1-shard2of2.bin', 'model.json']);
  });

  it.each(['0', 'many'])('refuses --shard-bytes %s', async (size) => {
    const model = smallModel();
    const { code, stderr } = await freeze(model, '--layout', 'tfjs', '--shard-bytes', size);
    expect(code).toBe(2);
    expect(stderr).toContain('INVALID_ARGUMENT: Expected a whole number from 1 to ');
  });

  it('--dry-run writes nothing, and needs no target', async () => {
    const model = smallModel();
    const { graph, checkpoint, outFolder } = model;
    const { code, stdout } = await runCommand(
      'permafrost',
      'freeze',
      '-g',
      graph,
      '-c',
      checkpoint,
      '-o',
      'y',
      '--dry-run',
    );
    expect([code, namesIn(outFolder)]).toEqual([0, []]);
    expect(stdout).toMatch(/^Would freeze 1 variables/);
    expect(stdout).toContain('(dry run: nothing written)');
  });

  it('a SavedModel needs no more than its folder and a target', async () => {
    const graph = savedModel();
    const out = join(graph, 'frozen.pb');
    const { code, stdout } = await runCommand('permafrost', 'freeze', '--graph', graph, '--out', out);
    expect(code).toBe(0);
    expect(stdout).toContain(
      '  signature serving_default\n           feed  x: x:0 float32[2]\n           fetch product: y:0',
    );
    expect(existsSync(out)).toBe(true);
  });

  it('--layout saved-model writes a folder, which can be checked and frozen again', async () => {
    const out = join(savedModel(), 'frozen');
    const write = ['freeze', '--layout', 'saved-model', '--out', out];
    const { code, stdout } = await runCommand('permafrost', ...write, '--graph', savedModel(), '--json');
    const path = join(out, 'saved_model.pb');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { layout: 'saved-model', out, files: [{ path }] }]);
    expect(namesIn(out)).toEqual(['saved_model.pb']);
    expect((await runCommand('permafrost', 'check', out)).code).toBe(0);
    const again = await runCommand('permafrost', 'freeze', '--graph', out, '--out', `${out}.pb`);
    expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(/^Froze a model without variables/)]);
  });

  it('2: a layout that there is not', async () => {
    const { code, stderr } = await freeze(smallModel(), '--layout', 'onnx');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^INVALID_ARGUMENT: .*saved-model.* but received/)]);
  });

  it('--tags, --signature and --variable-map are passed on', async () => {
    const graph = savedModel(
      savedModelBytes(metaGraph({}, []), metaGraph({ signature_def: { other: smallSignature } }, ['b', 'a'])),
    );
    const map = join(graph, 'map.json');
    writeFileSync(map, '{"w": "nowhere"}');
    const freezeIt = (...flags: string[]): Promise<Ended> =>
      runCommand('permafrost', 'freeze', '--graph', graph, '--dry-run', '--json', ...flags);
    const chosen = JSON.parse((await freezeIt('--tags', 'a', '--tags', 'b', '--signature', 'other')).stdout);
    expect([chosen.graphKind, chosen.signature.name]).toEqual(["a SavedModel (saved_model.pb, tags 'a,b')", 'other']);
    expect(JSON.parse((await freezeIt('--tags=')).stdout).graphKind).toBe("a SavedModel (saved_model.pb, tags '')");
    expect((await freezeIt('--tags=', '--variable-map', map)).stderr).toMatch(
      /^INVALID_ARGUMENT: .*stored as 'nowhere'/,
    );
  });

  it('--deny and --no-clear-devices are passed on', async () => {
    const model = smallModel();
    const { stdout } = await freeze(model, '--deny', 'w', '--no-clear-devices', '--durable');
    expect(stdout).toContain('kept     1 as variables, as the lists say: w');
  });
});

describe('exit codes and messages', () => {
  it('2: an output that does not exist', async () => {
    const { graph, checkpoint, out } = smallModel();
    const args = ['-g', graph, '-c', checkpoint, '-o', 'z', '--out', out];
    const { code, stdout, stderr } = await runCommand('permafrost', 'freeze', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^OUTPUT_NOT_FOUND: There is no node 'z' in the graph/);
  });
  it('2: an unknown flag', async () => {
    const { code, stderr } = await freeze(smallModel(), '--quantise');
    expect(code).toBe(2);
    expect(stderr).toMatch(/unknown option '--quantise'/);
  });
  it('2: all rewrites and some of them', async () => {
    const model = smallModel();
    const { code, stderr } = await freeze(model, '--inference', '--rewrite', 'dropout,bindings');
    expect(code).toBe(2);
    expect(stderr).toContain('--inference asks for all rewrites, --rewrite dropout,bindings for some only.');
    expect(namesIn(model.outFolder)).toEqual([]);
  });

  it('2: a flag that is missing', async () => {
    const { code, stderr } = await runCommand('permafrost', 'freeze', '--out', 'frozen.pb');
    expect(code).toBe(2);
    expect(stderr).toMatch(/required option '-g, --graph <path>' not specified/);
  });
  it('2: no target', async () => {
    const { graph, checkpoint } = smallModel();
    const { code, stderr } = await runCommand('permafrost', 'freeze', '-g', graph, '-c', checkpoint, '-o', 'y');
    expect([code, stderr]).toEqual([
      2,
      'INVALID_ARGUMENT: Expected a non-empty string for out but received undefined.\n',
    ]);
  });
  it('2: an unknown command', async () => {
    const { code, stderr } = await runCommand('permafrost', 'melt');
    expect(code).toBe(2);
    expect(stderr).toMatch(/unknown command 'melt'/);
  });
  it('3: a graph that is none', async () => {
    const model = smallModel();
    writeFileSync(model.graph, 'no graph');
    const { code, stderr } = await freeze(model);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^WRONG_FILE_KIND: .*graph\.pb is a text file, not a graph\./);
  });
  it('3: a shard that is missing', async () => {
    const model = smallModel();
    rmSync(`${model.checkpoint}.data-00000-of-00001`);
    expect((await freeze(model)).code).toBe(3);
    expect(namesIn(model.outFolder)).toEqual([]);
  });
  it('4: a target that cannot be written', async () => {
    const model = smallModel();
    const { code, stderr } = await freeze({ ...model, out: join(model.outFolder, 'none', 'frozen.pb') });
    expect(code).toBe(4);
    expect(stderr).toMatch(/^WRITE_FAILED: /);
  });
  it('--json prints the error as an object, too', async () => {
    const model = smallModel();
    writeFileSync(model.graph, 'no graph');
    const { code, stdout, stderr } = await freeze(model, '--json');
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
    expect([code, error.code]).toEqual([3, 'WRONG_FILE_KIND']);
    expect(stderr).toBe(`${error.code}: ${error.message}\n`);
  });
  it('an error has no stack', async () => {
    const model = smallModel();
    writeFileSync(model.graph, '');
    expect((await freeze(model)).stderr).not.toMatch(/\n\s+at /);
  });
});

describe('help and version', () => {
  it('--help lists the commands', async () => {
    const { code, stdout } = await runCommand('permafrost', '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: permafrost \[options\] \[command\]/);
    expect(stdout).toMatch(/freeze \[options\]/);
  });
  it('freeze --help lists the flags', async () => {
    const { code, stdout } = await runCommand('permafrost', 'freeze', '--help');
    expect(code).toBe(0);
    for (const flag of ['--graph', '--checkpoint', '--outputs', '--out', '--allow', '--deny', '--json', '--dry-run']) {
      expect(stdout).toContain(flag);
    }
  });
  it("--version is the package's", async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await runCommand('permafrost', '--version')).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});
