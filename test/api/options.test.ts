import { describe, expect, it } from 'vitest';
import type { FreezeOptions } from '../../src/index.js';
import { failure } from '../support/failure.js';
import { namesIn } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { smallModel } from '../support/model.js';

/** What `freeze` says of options that TypeScript would not let pass. */
async function refusal(changes: Record<string, unknown>): Promise<string> {
  const { graph, checkpoint, out, outFolder } = smallModel();
  const options = { graph, checkpoint, outputs: 'y', out, ...changes } as unknown as FreezeOptions;
  const error = await failure(() => freeze(options));
  expect(error.code).toBe('INVALID_ARGUMENT');
  expect(namesIn(outFolder)).toEqual([]);
  return error.message;
}

describe('options of the wrong type are named with what they should be', () => {
  const cases: readonly [changes: Record<string, unknown>, message: string][] = [
    [{ graph: undefined }, 'Expected a path or a Uint8Array for graph but received undefined.'],
    [{ graph: '' }, 'Expected a non-empty string for graph but received an empty string.'],
    [{ graph: 7 }, 'Expected a path or a Uint8Array for graph but received 7.'],
    [
      { graph: new URL('file:///model.pb') },
      'Expected a path or a Uint8Array for graph but received a value of type object. Pass the path of the URL: fileURLToPath(url), of node:url.',
    ],
    [
      { graph: new ArrayBuffer(8) },
      'Expected a path or a Uint8Array for graph but received a value of type object. Pass its bytes: new Uint8Array(buffer).',
    ],
    [
      { out: new WritableStream() },
      'Expected a non-empty string for out but received a value of type object. Of streams, those of Node are taken: pass Writable.fromWeb(stream), of node:stream.',
    ],
    [{ checkpoint: ['a'] }, 'Expected a non-empty string for checkpoint but received an array.'],
    [{ checkpoint: '' }, 'Expected a non-empty string for checkpoint but received an empty string.'],
    [{ tags: 1 }, 'Expected a string or an array of strings for tags but received 1.'],
    [{ signature: 1 }, 'Expected a string for signature but received 1.'],
    [{ outputs: [1] }, 'Expected a string or an array of strings for outputs but received an array.'],
    [{ outputs: 1 }, 'Expected a string or an array of strings for outputs but received 1.'],
    [{ threads: 0 }, 'Expected a whole number from 1 to 64 for threads but received 0.'],
    [
      { heapBytes: 1e6 },
      'Expected a whole number from 33554432 to 9007199254740991 for heapBytes but received 1000000.',
    ],
    [{ threads: 1.5 }, 'Expected a whole number from 1 to 64 for threads but received 1.5.'],
    [{ threads: '2' }, "Expected a whole number from 1 to 64 for threads but received the string '2'."],
    [{ out: undefined }, 'Expected a non-empty string for out but received undefined.'],
    [{ out: null }, 'Expected a non-empty string for out but received null.'],
    [{ allow: 1 }, 'Expected a string or an array of strings for allow but received 1.'],
    [{ deny: {} }, 'Expected a string or an array of strings for deny but received a value of type object.'],
    [{ weights: {} }, 'Expected a string or an array of strings for weights but received a value of type object.'],
    [{ clearDevices: 'no' }, "Expected a boolean for clearDevices but received the string 'no'."],
    [{ saver: 1 }, 'Expected a string for saver but received 1.'],
    [{ initializers: 1 }, 'Expected a string or an array of strings for initializers but received 1.'],
    [{ durable: 1 }, 'Expected a boolean for durable but received 1.'],
    [{ dryRun: 'yes' }, "Expected a boolean for dryRun but received the string 'yes'."],
    [{ signal: {} }, 'Expected an AbortSignal for signal but received a value of type object.'],
    [{ signal: { aborted: false } }, 'Expected an AbortSignal for signal but received a value of type object.'],
    [{ onProgress: true }, 'Expected a function for onProgress but received true.'],
  ];
  for (const [changes, message] of cases) {
    it(`${JSON.stringify(changes)}`, async () => expect(await refusal(changes)).toBe(message));
  }

  it('a bigint is not taken for the number that it looks like', async () => {
    const message = 'Expected a whole number from 1 to 64 for threads but received the bigint 2.';
    expect(await refusal({ threads: 2n })).toBe(message);
  });
});

describe('no outputs for a graph without signatures', () => {
  for (const outputs of [undefined, ' , ', []]) {
    it(`${JSON.stringify(outputs)}`, async () => {
      expect(await refusal({ outputs })).toMatch(
        /^Expected at least one node name for outputs but received none, and .*graph\.pb has no signature/,
      );
    });
  }
});

it('no checkpoint for a graph that has none of its own', async () => {
  expect(await refusal({ checkpoint: undefined })).toMatch(
    /^Expected a checkpoint for .*graph\.pb but received none: it is a binary GraphDef, which has no values/,
  );
});

describe('unknown options', () => {
  it('near a known one get a suggestion', async () => {
    expect(await refusal({ output: 'y' })).toBe("There is no option 'output'. Did you mean 'outputs'?");
  });
  it('near none get the list', async () => {
    expect(await refusal({ quantisation: 8 })).toMatch(
      /^There is no option 'quantisation'\. There are: dryRun, tfParity, inMemory, out, graph,/,
    );
  });
});

describe('the options themselves', () => {
  for (const value of [undefined, null, 'graph.pb']) {
    it(`are not ${value}`, async () => {
      const error = await failure(() => freeze(value as unknown as FreezeOptions));
      expect(error.code).toBe('INVALID_ARGUMENT');
      expect(error.message).toMatch(/^Expected an object for the options of freeze but received /);
    });
  }
});

it('names in a list may have blanks around them', async () => {
  const { graph, checkpoint } = smallModel();
  expect((await freeze({ graph, checkpoint, outputs: ' y , w/read,', dryRun: true })).outputs).toEqual(['y', 'w/read']);
});

it('undefined means not given', async () => {
  const { graph, checkpoint, out } = smallModel();
  const options = { graph, checkpoint, outputs: 'y', out, deny: undefined, durable: undefined, signal: undefined };
  await expect(freeze(options as unknown as FreezeOptions)).resolves.toMatchObject({ out });
});

it('wrong options reject and do not throw', () => {
  const { graph } = smallModel();
  const pending = freeze({ graph } as unknown as FreezeOptions);
  return expect(pending).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
