// Text graphs that are damaged.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SmallModel, smallModel } from '../support/model.js';
import { expectRefused, refusal } from '../support/refusal.js';

function withGraph(content: string | Uint8Array): SmallModel {
  const model = smallModel();
  writeFileSync(model.graph, content);
  return model;
}

const good = 'node {\n  name: "x"\n  op: "NoOp"\n}\n';

describe('a text GraphDef', () => {
  const cases: Readonly<Record<string, string>> = {
    'with a brace that is not closed': 'node {\n  name: "x"\n  op: "NoOp"\n',
    'with a brace too many': `${good}}\n`,
    'with an unknown field': `node { name: "x" colour: "red" }`,
    'with a string that does not end': 'node {\n  name: "x\n  op: "NoOp"\n}\n',
    'with a string that the file ends in': 'node {\n  name: "x',
    'with a number for a string': 'node { name: 7 }',
    'with an unknown enum value': 'node { name: "x" attr { key: "T" value { type: DT_COLOUR } } }',
    'with a number that is too large': `${good}versions { producer: 99999999999999999999 }`,
    'with a bad escape': 'node { name: "\\xzz" }',
    'with a value missing': 'node { name: }',
    'with 100,000 open braces': `node ${'{'.repeat(100_000)}`,
    'with 10,000 messages inside each other': `node { ${'attr { key: "a" value { func { '.repeat(10_000)}`,
  };
  for (const [what, text] of Object.entries(cases)) {
    it(what, () =>
      expectRefused(withGraph(text), 'GRAPH_MALFORMED', /graph\.pb is not a valid GraphDef in protobuf's text/),
    );
  }
  it('with binary garbage in it', async () => {
    const bytes = Buffer.concat([Buffer.from(good), Buffer.from([0, 1, 2, 0xff, 0xfe])]);
    expect((await refusal(withGraph(bytes))).code).toBe('WRONG_FILE_KIND');
  });
  it('with binary garbage behind the part that is looked at first', async () => {
    const bytes = Buffer.concat([Buffer.from(`${good}# ${'-'.repeat(70_000)}\n`), Buffer.from([0, 1, 2, 0xff, 0xfe])]);
    expect((await refusal(withGraph(bytes))).code).toBe('GRAPH_MALFORMED');
  });
  it('that names the place of the fault', () => {
    return expectRefused(
      withGraph('node {\n  name: "x"\n  colour: "red"\n}\n'),
      'GRAPH_MALFORMED',
      /colour.*line 3|line 3.*colour/,
    );
  });
  it('cut at any byte', async () => {
    for (let size = 0; size < good.length; size++) {
      const { code } = await refusal(withGraph(good.slice(0, size)));
      expect(['GRAPH_MALFORMED', 'WRONG_FILE_KIND', 'GRAPH_INVALID', 'NO_VARIABLES'], `cut after ${size}`).toContain(
        code,
      );
    }
  });
});

describe('a text MetaGraphDef', () => {
  it('with a brace that is not closed', () => {
    return expectRefused(withGraph(`graph_def { ${good}`), 'GRAPH_MALFORMED', /is not a valid MetaGraphDef/);
  });
});

describe("the 'checkpoint' file", () => {
  function withState(content: string): SmallModel {
    const model = smallModel();
    writeFileSync(join(model.folder, 'checkpoint'), content);
    return { ...model, checkpoint: model.folder };
  }

  it('that is no text format', () => {
    return expectRefused(
      withState('model_checkpoint_path: "model'),
      'CHECKPOINT_MALFORMED',
      /is not a valid CheckpointState/,
    );
  });
  it('that is empty', () => expectRefused(withState(''), 'CHECKPOINT_NOT_FOUND', /names no checkpoint/));
  it('that names a checkpoint that is gone', () => {
    return expectRefused(
      withState('model_checkpoint_path: "gone"'),
      'CHECKPOINT_NOT_FOUND',
      /names the checkpoint 'gone'/,
    );
  });
  it('that is a folder', async () => {
    const model = smallModel();
    mkdirSync(join(model.folder, 'checkpoint'));
    expect((await refusal({ ...model, checkpoint: model.folder })).code).toMatch(
      /^(CHECKPOINT_NOT_FOUND|READ_FAILED)$/,
    );
  });
  it('that is a loop of links', async () => {
    const model = smallModel();
    const state = join(model.folder, 'checkpoint');
    symlinkSync(state, state);
    expect((await refusal({ ...model, checkpoint: state })).code).toBe('CHECKPOINT_NOT_FOUND');
  });
});

describe('a folder named like a checkpoint', () => {
  it('without a checkpoint in it', async () => {
    const model = smallModel();
    const checkpoint = join(model.folder, 'other.ckpt');
    mkdirSync(checkpoint);
    await expectRefused(
      { ...model, checkpoint },
      'CHECKPOINT_NOT_FOUND',
      /is a folder without a checkpoint: it has neither a 'checkpoint' file nor an \.index file\.$/,
    );
  });
  it('whose index is a folder', async () => {
    const model = smallModel();
    const checkpoint = join(model.folder, 'other.ckpt');
    mkdirSync(`${checkpoint}.index`);
    await expectRefused({ ...model, checkpoint }, 'READ_FAILED', /^file unreadable \(a directory\): /);
  });
});
