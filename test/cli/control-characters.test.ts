// What files call things must not reach the terminal as it is: an escape sequence can rename its window, hide what follows, and more.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../support/folder.js';
import { float, graphDef, handleVariable, type NodeLiteral, readVariable } from '../support/graph-def.js';
import { runCommand } from '../support/run.js';
import { savedModelBytes, tensorInfo } from '../support/saved-model.js';
import { writeBundle } from '../support/write-bundle.mjs';

/** Sets the title of a terminal, rings, ends the line twice, and begins a sequence with the one character that C1 has for it. */
const evil = '\x1b]0;title\x07\r\n\u009b31m\x7f';
/** In the order of their numbers, `\x1b` and so on. */
const shown = '\\x1b]0;title\\x07\\x0d\\x0a\\x9b31m\\x7f';

const [folder, remove] = makeFolder();
afterAll(remove);
const at = (name: string): string => join(folder, name);

const nodes: NodeLiteral[] = [handleVariable('v', float, 2), readVariable('y', 'v')];

function file(name: string, bytes: Uint8Array | string): string {
  writeFileSync(at(name), bytes);
  return at(name);
}

function graph(name: string, ...more: NodeLiteral[]): string {
  return file(name, graphDef([...nodes, ...more]));
}

function checkpoint(name: string, key: string, crc32c?: number): string {
  const sum = crc32c === undefined ? {} : { crc32c };
  writeBundle(at(name), [{ key, dtype: float, shape: [2], bytes: Buffer.alloc(8), ...sum }]);
  return at(name);
}

function savedModel(name: string, more: object): string {
  mkdirSync(at(`${name}/variables`), { recursive: true });
  const content = { meta_info_def: { tags: ['serve'] }, graph_def: { node: nodes }, ...more };
  file(`${name}/saved_model.pb`, savedModelBytes(content));
  checkpoint(`${name}/variables/variables`, 'v');
  return at(name);
}

const signature = (name: string): object => ({
  inputs: { [name]: tensorInfo('v:0') },
  outputs: { [name]: tensorInfo('y:0', float, 2) },
  method_name: name,
});

const whole = checkpoint('whole', 'v');
const out = ['--out', at('out')];
const freeze = (path: string, ...more: string[]): string[] => ['freeze', '-g', path, ...out, ...more];
const withOutput = ['-c', whole, '-o', 'y'];

/** Arguments, and in what of the output the name stands: JSON has escapes of its own. */
const commands: Readonly<Record<string, () => string[]>> = {
  'list: a key': () => ['list', checkpoint('key', evil)],
  'list: a key, as JSON': () => ['list', checkpoint('key', evil), '--json'],
  'verify: a damaged tensor': () => ['verify', checkpoint('damaged', evil, 7)],
  'verify: a damaged tensor, as JSON': () => ['verify', checkpoint('damaged', evil, 7), '--json'],
  'check: an op': () => ['check', graph('op.pb', { name: 'q', op: evil })],
  'check: an op, as JSON': () => ['check', graph('op.pb', { name: 'q', op: evil }), '--json'],
  'check: an input': () => ['check', graph('input.pb', { name: 'q', op: 'Foo', input: [evil] })],
  'check: an attribute': () => ['check', graph('attr.pb', { name: 'q', op: 'NoOp', attr: { [evil]: { i: 1 } } })],
  'suggest: a signature': () => ['suggest', savedModel('suggested', { signature_def: { [evil]: signature(evil) } })],
  'freeze: an input that is missing': () =>
    freeze(graph('input.pb', { name: 'q', op: 'Foo', input: [evil] }), '-c', whole, '-o', 'q'),
  'freeze: a key that is not there': () =>
    freeze(
      file(
        'shared.pb',
        graphDef([
          {
            ...handleVariable('z', float, 2),
            attr: { ...handleVariable('z', float, 2).attr, shared_name: { s: Buffer.from(evil) } },
          },
          readVariable('y', 'z'),
        ]),
      ),
      ...withOutput,
    ),
  'freeze: a signature': () => freeze(savedModel('signed', { signature_def: { [evil]: signature(evil) } })),
  'freeze: two signatures': () =>
    freeze(savedModel('twice', { signature_def: { [evil]: signature(evil), other: signature('a') } })),
  'freeze: a signature, as JSON': () =>
    freeze(savedModel('signed', { signature_def: { [evil]: signature(evil) } }), '--json'),
  'freeze: tags': () => freeze(savedModel('tagged', { meta_info_def: { tags: [evil] } })),
  'freeze: a rule': () =>
    freeze(
      graph('plain.pb'),
      ...withOutput,
      '--place-rules',
      file('rules.json', JSON.stringify([{ name: 'a', device: evil }])),
    ),
  'freeze: a variable map': () =>
    freeze(graph('plain.pb'), ...withOutput, '--variable-map', file('map.json', JSON.stringify({ [evil]: 'v' }))),
  'verify: the checkpoint that a folder names': () => {
    mkdirSync(at('named'), { recursive: true });
    file(
      'named/checkpoint',
      `model_checkpoint_path: "${Array.from(Buffer.from(evil), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`,
    );
    return ['verify', at('named')];
  },
};

describe('control characters are escaped in what a command prints', () => {
  for (const [what, args] of Object.entries(commands)) {
    it(what, async () => {
      const given = args();
      const { stdout, stderr } = await runCommand('permafrost', ...given);
      const json = JSON.stringify(evil).slice(1, -1).replace('\u009b', '\\u009b').replace('\x7f', '\\u007f');
      const expected = given.includes('--json') ? [json, JSON.stringify(shown).slice(1, -1)] : [shown];
      const text = stdout + stderr;
      expect(
        expected.some((each) => text.includes(each)),
        text,
      ).toBe(true);
      // Lines end, and nothing else.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
      expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    });
  }
});
