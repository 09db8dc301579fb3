// What the README and the page on embedding show runs, in a folder with files of the names that they use.
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { float32 } from '../support/bytes.js';
import { temporaryFolder } from '../support/folder.js';
import { encode, float, floatNode, graphDef, type NodeLiteral, placeholder } from '../support/graph-def.js';
import { smallModel, smallNodes, smallTensors } from '../support/model.js';
import { root, startNodeWith } from '../support/run.js';
import { metaGraph, savedModel } from '../support/saved-model.js';

/** The blocks of code of a page in a language; '' for those that name none. */
function blocks(page: string, language: string): string[] {
  const fences = readFileSync(join(root, page), 'utf8').matchAll(/^```(\w*)\n(.*?)^```$/gms);
  return [...fences].flatMap(([, named, text = '']) => (named === language ? [text] : []));
}

const commands = blocks('README.md', '')
  .flatMap((block) => block.split('\n'))
  .filter((line) => line.startsWith('permafrost '));
const programs = ['README.md', 'docs/embedding.md'].flatMap((page) => blocks(page, 'ts'));

/** One more node on the small model, so that the README's output has its name. */
const nodes: readonly NodeLiteral[] = [...smallNodes, floatNode('Softmax', 'softmax', 'y')];

/** What else the checkpoint has. */
const tensors = [
  ...smallTensors,
  { key: 'dense/bias', dtype: float, shape: [2], bytes: float32(3, 4) },
  { key: 'embedding', dtype: float, shape: [1000, 4], bytes: new Uint8Array(16_000) },
].sort((one, other) => (one.key < other.key ? -1 : 1));

/** A user's folder. */
function workingFolder(): string {
  const folder = temporaryFolder();
  const { checkpoint } = smallModel(nodes, tensors);
  cpSync(dirname(checkpoint), folder, { recursive: true });
  for (const end of ['index', 'data-00000-of-00001']) {
    renameSync(join(folder, `model.ckpt.${end}`), join(folder, `model.ckpt-100.${end}`));
  }
  renameSync(join(folder, 'graph.pb'), join(folder, 'model.pb'));
  writeFileSync(join(folder, 'training.meta'), encode('MetaGraphDef', metaGraph()));
  for (const name of ['saved_model_folder', 'large_model']) renameSync(savedModel(), join(folder, name));
  writeFileSync(join(folder, 'frozen.pb'), graphDef([placeholder('x')]));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'permafrost'));
  return folder;
}

describe('the README', () => {
  it('shows commands and a program', () => {
    expect(commands.length).toBeGreaterThan(5);
    expect(programs.length).toBeGreaterThan(0);
  });

  it.each(commands)('%s', async (line) => {
    const [, ...args] = line.split(' ');
    expect(
      await startNodeWith({ cwd: workingFolder() }, join(root, 'dist/cli/permafrost.js'), ...args).ended,
    ).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it.each(programs)('%s', { timeout: 60_000 }, async (source) => {
    const folder = workingFolder();
    writeFileSync(join(folder, 'program.mts'), source);
    symlinkSync(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'));
    const flags = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,esnext.disposable'];
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const compiled = startNodeWith({ cwd: folder }, compiler, ...flags, '--types', 'node', 'program.mts');
    expect(await compiled.ended).toMatchObject({ code: 0, stdout: '' });
    expect(await startNodeWith({ cwd: folder }, 'program.mjs').ended).toMatchObject({ code: 0, stderr: '' });
  });
});
