import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FreezeOptions, FreezeReport } from '../../src/index.js';
import { float32 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { freeze } from '../support/freeze.js';
import { float } from '../support/graph-def.js';
import { smallModel, smallNodes } from '../support/model.js';

/** The small model, whose variable `w` has two keys that it might be. */
const model = (): { graph: string; checkpoint: string; folder: string } =>
  smallModel(
    smallNodes,
    ['w', 'average/w', 'w2'].map((key) => ({ key, dtype: float, shape: [2], bytes: float32(1, 2) })),
  );

function freezeWith(variableMap: unknown): Promise<FreezeReport> {
  const { graph, checkpoint } = model();
  return freeze({ graph, checkpoint, outputs: 'y', dryRun: true, variableMap } as FreezeOptions);
}

function file(content: string): string {
  const path = join(model().folder, 'map.json');
  writeFileSync(path, content);
  return path;
}

describe('a variable map', () => {
  it('overrules the name', async () => {
    expect((await freezeWith({ w: 'average/w' })).variables[0]?.key).toBe('average/w');
  });
  it('is read from a file, which may begin with a byte order mark', async () => {
    expect((await freezeWith(file('\ufeff{"w": "w2"}'))).variables[0]?.key).toBe('w2');
  });
  it('may be empty', async () => expect((await freezeWith({})).variables[0]?.key).toBe('w'));
});

describe('refused is', () => {
  const refused: [what: string, map: () => unknown, message: RegExp][] = [
    ['what is no JSON', () => file('{w: 1}'), /^The variable map .*map\.json is no JSON: .*It must be an object from/],
    ['an array', () => file('["w"]'), /^The variable map .*map\.json is no object\. It must be/],
    ['a text', () => file('"w"'), /is no object/],
    ['null', () => file('null'), /is no object/],
    ['a Map, whose entries JSON would not have', () => new Map([['w', 'w2']]), /variableMap is no object/],
    ['a number for a key', () => file('{"w": 1}'), /map\.json has no text for 'w' but 1\./],
    [
      'a tower of arrays',
      () => file(`{"w": ${'['.repeat(400_000)}${']'.repeat(400_000)}}`),
      /for 'w' but \[ \[Array\] \]\./,
    ],
    ['what JSON does not have', () => ({ w: 1n }), /for 'w' but 1n\./],
    ['a number for the map', () => 7, /^Expected a path or an object for variableMap but received 7\.$/],
    ['an unknown variable', () => ({ v: 'w' }), /names 'v', and there is no such variable in the graph\. The nearest/],
    ['a node that is no variable', () => ({ y: 'w' }), /names 'y', and there is no such variable/],
    [
      'an unknown key',
      () => ({ w: 'w3' }),
      /'w' is stored as 'w3', and there is no such key .* The nearest are 'w',? /,
    ],
  ];
  for (const [what, map, message] of refused) {
    it(what, async () => {
      const error = await failure(() => freezeWith(map()));
      expect(error.message).toMatch(message);
      expect(error.code).toBe('INVALID_ARGUMENT');
    });
  }
  it('a file that is not there', async () =>
    expect((await failure(() => freezeWith('none.json'))).code).toBe('FILE_NOT_FOUND'));
});
