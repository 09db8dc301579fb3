import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = new URL('../src/', import.meta.url).pathname;

/** From the outside in: a folder imports from those below it, never from those above. */
const order = [
  'cli',
  'api',
  'check',
  'layouts',
  'devices',
  'optimize',
  'inference',
  'inline',
  'passes',
  'evaluate',
  'plan',
  'checkpoint',
  'io',
  'graph',
  'proto',
];

interface Import {
  readonly file: string;
  readonly target: string;
}

/** The files of a folder and of those in it, by their paths in `src`. */
function filesOf(folder: string): string[] {
  const names = readdirSync(join(source, folder), { recursive: folder !== '.', encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

function importsOf(folder: string): Import[] {
  return filesOf(folder).flatMap((file) => {
    const text = readFileSync(join(source, file), 'utf8');
    return [...text.matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)].flatMap(([, path]) => {
      const [target = '', ...rest] = join(dirname(file), path as string).split('/');
      return rest.length === 0 || target === folder ? [] : { file, target };
    });
  });
}

describe('the folders of src', () => {
  it('are all in the order of imports', () => {
    const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual([...order].sort());
  });

  it.each(order)('%s imports only from below', (folder) => {
    const below = order.slice(order.indexOf(folder) + 1);
    const imports = importsOf(folder);
    expect(imports.filter(({ target }) => !below.includes(target))).toEqual([]);
    // The lowest imports nothing but files beside the folders.
    if (below.length > 0) expect(imports).not.toEqual([]);
  });

  it('know of a layout what its table says, and not its name', () => {
    const outside = order.filter((folder) => folder !== 'layouts').flatMap(filesOf);
    const knowing = outside.filter((file) => /layout\)? *[!=]==? *'/.test(readFileSync(join(source, file), 'utf8')));
    expect(knowing).toEqual([]);
  });

  it('tell nothing by classes of JavaScript and Node, which each context of node:vm has of its own', () => {
    const asking = ['.', ...order].flatMap(filesOf).flatMap((file) => {
      const classes = readFileSync(join(source, file), 'utf8').matchAll(/\binstanceof\s+(?:globalThis\.)?(\w+)/g);
      return [...classes].filter(([, name = '']) => name in globalThis).map(([text]) => `${file}: ${text}`);
    });
    expect(asking).toEqual([]);
  });

  it('load the addon in one place only', () => {
    const loading = ['.', ...order]
      .flatMap(filesOf)
      .filter((file) => readFileSync(join(source, file), 'utf8').includes("/native-binary.js'"));
    expect(loading).toEqual(['native.ts']);
  });
});
