import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = new URL('../src/', import.meta.url).pathname;

/** From the outside in: a folder imports from those below it, never from those above. */
const order = [
  'cli',
  'api',
  'check',
  'layouts',
  'inline',
  'passes',
  'evaluate',
  'plan',
  'checkpoint',
  'io',
  'graph',
  'proto',
];

function importsOf(folder: string): { file: string; target: string }[] {
  const files = readdirSync(join(source, folder)).filter((name) => name.endsWith('.ts'));
  return files.flatMap((name) => {
    const text = readFileSync(join(source, folder, name), 'utf8');
    return [...text.matchAll(/from '\.\.\/(\w+)\//g)].map((match) => ({
      file: `${folder}/${name}`,
      target: match[1] as string,
    }));
  });
}

describe('the folders of src', () => {
  it('are all in the order of imports', () => {
    const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual([...order].sort());
  });

  it.each(order)('%s imports only from below', (folder) => {
    const below = order.slice(order.indexOf(folder) + 1);
    expect(importsOf(folder).filter(({ target }) => !below.includes(target))).toEqual([]);
  });

  it('load the addon in one place only', () => {
    const texts = ['.', ...order].flatMap((folder) =>
      readdirSync(join(source, folder))
        .filter((name) => name.endsWith('.ts'))
        .map((name) => ({ name, text: readFileSync(join(source, folder, name), 'utf8') })),
    );
    expect(texts.filter(({ text }) => text.includes("'node-gyp-build'")).map(({ name }) => name)).toEqual([
      'native.ts',
    ]);
  });
});
