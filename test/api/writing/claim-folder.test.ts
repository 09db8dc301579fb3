// Several freezes of one program that are to write to one place.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { freeze, type PermafrostError } from '../../../src/index.js';
import { namesIn } from '../../support/folder.js';
import { freeTarget } from '../../support/frozen-saved-model.js';
import { savedModel } from '../../support/saved-model.js';

it('of four that make one folder, three are told at once', async () => {
  const graph = savedModel();
  const out = freeTarget();
  const ends: string[] = [];
  const each = ['', '/', '', '/.'].map((end) =>
    freeze({ graph, layout: 'saved-model', out: out + end }).then(
      () => ends.push('done'),
      ({ code, message }: PermafrostError) => ends.push(`${code}: ${message}`),
    ),
  );
  await Promise.all(each);
  const told = (end: string): string =>
    `WRITE_FAILED: Another freeze of this program is writing to the folder ${out}${end}. Give each a target of its own.`;
  expect(ends).toEqual([told('/'), told(''), told('/.'), 'done']);
  expect(namesIn(dirname(out))).toEqual(['frozen']);
  expect(namesIn(out)).toEqual(['saved_model.pb']);
});

it('a folder is free again when a freeze has failed', async () => {
  const out = freeTarget();
  const options = { layout: 'saved-model', out } as const;
  await expect(freeze({ ...options, graph: '/none' })).rejects.toThrow('There is no file');
  await freeze({ ...options, graph: savedModel() });
  expect(namesIn(out)).toEqual(['saved_model.pb']);
});

it('a dry run makes no folder, so that any number may ask at once', async () => {
  const options = { graph: savedModel(), layout: 'saved-model', out: freeTarget(), dryRun: true } as const;
  const reports = await Promise.all([1, 2, 3].map(() => freeze(options)));
  expect(reports.map(({ out }) => out)).toEqual([undefined, undefined, undefined]);
});

it('a file is the one of whoever comes last', async () => {
  const graph = savedModel();
  const out = join(dirname(freeTarget()), 'frozen.pb');
  const reports = await Promise.all([1, 2, 3].map(() => freeze({ graph, out })));
  expect(readFileSync(out).length).toBe(reports[0]?.bytes);
});
