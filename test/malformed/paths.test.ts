// Paths that are no files to read or write.
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failure } from '../support/failure.js';
import { freeze } from '../support/freeze.js';
import { smallModel } from '../support/model.js';
import { expectRefused, refusal } from '../support/refusal.js';
import { startNode } from '../support/run.js';

describe('a path', () => {
  it('that is a loop of links', () => {
    const model = smallModel();
    const loop = join(model.folder, 'loop.pb');
    symlinkSync(loop, loop);
    return expectRefused({ ...model, graph: loop }, 'READ_FAILED', /^.*loop\.pb cannot be read \(ELOOP/);
  });
  it('of a pipe that nobody writes to does not wait for one', async () => {
    const { folder, checkpoint, out } = smallModel();
    const graph = join(folder, 'pipe.pb');
    execFileSync('mkfifo', [graph]);
    const options = JSON.stringify({ graph, checkpoint, outputs: 'y', out });
    const { child, ended } = startNode(
      '--input-type=module',
      '--eval',
      `import { freeze } from 'permafrost';
       await freeze(${options}).catch((error) => console.log(error.code));`,
    );
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    expect(await ended).toMatchObject({ signal: null, stdout: 'READ_FAILED\n' });
    clearTimeout(timer);
  });
  it.each(['placeRules', 'variableMap', 'checkpoint'])('of a text with a hole of a gigabyte, as %s', async (option) => {
    const { folder, graph, checkpoint, out } = smallModel();
    const text = join(folder, 'checkpoint');
    writeFileSync(text, 'model_checkpoint_path: "a"\n#');
    truncateSync(text, 2 ** 30);
    const given = option === 'checkpoint' ? folder : text;
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', out, place: 'cpu', [option]: given }));
    expect(error.message).toMatch(/checkpoint has 1073741824 bytes, and a text of that kind at most 67108864\.$/);
    expect(error.code).toBe('WRONG_FILE_KIND');
  });
  it('with a NUL in it', async () => {
    const model = smallModel();
    expect((await refusal({ ...model, graph: `${model.graph}\0` })).code).toBe('INVALID_ARGUMENT');
  });
  it('of a checkpoint with a NUL in it', async () => {
    const model = smallModel();
    expect((await refusal({ ...model, checkpoint: `${model.checkpoint}\0` })).code).toBe('INVALID_ARGUMENT');
  });
  it.each(['saver', 'variableMap', 'weightsRoot'])('of another file with a NUL in it: %s', async (option) => {
    const { graph, checkpoint, out } = smallModel();
    const { message } = await failure(() => freeze({ graph, checkpoint, outputs: 'y', out, [option]: '/a\0b' }));
    expect(message).toBe(`Expected a path without NUL characters for ${option} but received the string '/a\\x00b'.`);
  });
  it('of a target with a NUL in it, which would end it early', async () => {
    const model = smallModel();
    const before = readFileSync(model.graph);
    expect((await refusal({ ...model, out: `${model.graph}\0.pb` })).code).toBe('INVALID_ARGUMENT');
    expect(readFileSync(model.graph).equals(before)).toBe(true);
  });
});
