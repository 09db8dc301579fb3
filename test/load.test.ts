import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { wrap } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from './support/folder.js';
import { root, startNode } from './support/run.js';

/** What tells code from its source. */
const suffix = `.${process.platform}-${process.arch}-${process.version}.code`;

const [folder, remove] = makeFolder();
afterAll(remove);

beforeEach(() => {
  writeFileSync(join(folder, 'a.cjs'), `const { two } = require('./b.cjs'); exports.sum = () => 1 + two();`);
  writeFileSync(join(folder, 'b.cjs'), `const { sep } = require('node:path'); exports.two = () => 1 + sep.length;`);
});

/** Loads `a.cjs` in a new process. */
async function run(rest = ''): Promise<string> {
  const source = `
    const { load, keepCode } = require(${JSON.stringify(join(root, 'dist', 'load.cjs'))});
    console.log(load(${JSON.stringify(join(folder, 'a.cjs'))}, require).sum());
    ${rest}
  `;
  const { stdout, stderr } = await startNode('--input-type=commonjs', '--eval', source).ended;
  return stdout + stderr;
}

describe('modules are loaded', () => {
  it('without code, and with the code of an earlier run', async () => {
    expect(await run(`keepCode(require('node:fs').writeFileSync);`)).toBe('3\n');
    expect(readdirSync(folder).sort()).toEqual(['a.cjs', `a.cjs${suffix}`, 'b.cjs', `b.cjs${suffix}`]);
    expect(await run()).toBe('3\n');
  });

  it('where the code is of another source, or none at all', async () => {
    await run(`keepCode(require('node:fs').writeFileSync);`);
    writeFileSync(join(folder, 'b.cjs'), 'exports.two = () => 20;');
    writeFileSync(join(folder, `a.cjs${suffix}`), 'no code');
    expect(await run()).toBe('21\n');
  });

  it('where the source is another one of the same length', async () => {
    await run(`keepCode(require('node:fs').writeFileSync);`);
    const file = join(folder, 'b.cjs');
    writeFileSync(file, readFileSync(file, 'utf8').replace('1 + sep', '5 + sep'));
    expect(await run()).toBe('7\n');
  });

  it('where the code was damaged', async () => {
    await run(`keepCode(require('node:fs').writeFileSync);`);
    const file = join(folder, `a.cjs${suffix}`);
    const code = readFileSync(file);
    writeFileSync(file, code.fill(0, code.length / 2));
    expect(await run()).toBe('3\n');
  });
});

it('a module that throws is run again when it is asked for again', async () => {
  writeFileSync(join(folder, 'b.cjs'), `exports.half = true; if (!globalThis.isReady) throw new Error('not yet');`);
  const source = `
    const { load } = require(${JSON.stringify(join(root, 'dist', 'load.cjs'))});
    const file = ${JSON.stringify(join(folder, 'b.cjs'))};
    for (const ready of [false, false, true]) {
      globalThis.isReady = ready;
      try { console.log(load(file, require)); } catch (error) { console.log(error.message); }
    }
  `;
  const { stdout } = await startNode('--input-type=commonjs', '--eval', source).ended;
  expect(stdout).toBe('not yet\nnot yet\n{ half: true }\n');
});

it('the build keeps no code of a freeze that failed', async () => {
  const copy = join(folder, 'project');
  for (const part of ['dist', 'scripts', 'package.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true, filter: (file) => !file.endsWith('.code') });
  }
  // There is no demo.
  const { code, stderr } = await startNode(join(copy, 'scripts', 'compile.mjs')).ended;
  expect([code, stderr]).toEqual([3, expect.stringContaining('graph.pb')]);
  const files = readdirSync(join(copy, 'dist'), { recursive: true, encoding: 'utf8' });
  expect(files.filter((name) => name.endsWith('.code'))).toEqual([]);
});

it('the build keeps code that this engine takes', () => {
  const codes = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith(suffix),
  );
  expect(codes).toContain(`core.cjs${suffix}`);
  expect(codes).toContain(join('cli', `permafrost.cjs${suffix}`));
  for (const code of codes) {
    const file = join(root, 'dist', code.slice(0, -suffix.length));
    // Two checksums come first.
    const cachedData = readFileSync(join(root, 'dist', code)).subarray(8);
    expect(new Script(wrap(readFileSync(file, 'latin1')), { cachedData }).cachedDataRejected).toBe(false);
    // It is read as such.
    expect(readFileSync(file).every((byte) => byte < 0x80)).toBe(true);
  }
});
