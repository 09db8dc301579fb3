// What the README shows runs: its commands and its program, in a folder with files of the names that it uses.
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.js';
import { encode, floatNode, graphDef, type NodeLiteral, placeholder } from '../support/graph-def.js';
import { smallModel, smallNodes } from '../support/model.js';
import { root, startNodeWith } from '../support/run.js';
import { metaGraph, savedModel } from '../support/saved-model.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The blocks of code in a language; '' for those that name none. */
function blocks(language: string): string[] {
  const fences = readme.matchAll(/^```(\w*)\n(.*?)^```$/gms);
  return [...fences].flatMap(([, named, text = '']) => (named === language ? [text] : []));
}

const commands = blocks('')
  .flatMap((block) => block.split('\n'))
  .filter((line) => line.startsWith('permafrost '));
const programs = blocks('ts');

/** One more node on the small model, so that the README's output has its name. */
const nodes: readonly NodeLiteral[] = [...smallNodes, floatNode('Softmax', 'softmax', 'y')];

/** A user's folder. */
function workingFolder(): string {
  const folder = temporaryFolder();
  const { checkpoint } = smallModel(nodes);
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

  it.each(programs)('%s', async (source) => {
    const folder = workingFolder();
    writeFileSync(join(folder, 'program.mjs'), source);
    expect(await startNodeWith({ cwd: folder }, 'program.mjs').ended).toMatchObject({ code: 0, stderr: '' });
  });
});
