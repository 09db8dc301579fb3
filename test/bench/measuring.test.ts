import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alternate } from '../../bench/measuring/alternate.mjs';
import { runProcess } from '../../bench/measuring/run-process.mjs';
import { expectFile, expectHeads } from '../../bench/measuring/verify.mjs';
import { namesIn, temporaryFolder } from '../support/folder.js';

function runNode(source: string): ReturnType<typeof runProcess> {
  return runProcess(process.execPath, ['-e', source]);
}

describe('a process', () => {
  it('is measured from its start to its end', async () => {
    const start = performance.now();
    const { seconds } = await runNode('setTimeout(() => {}, 400)');
    expect(seconds).toBeGreaterThan(0.4);
    expect(seconds).toBeLessThanOrEqual((performance.now() - start) / 1000);
  });

  it.runIf(existsSync('/proc/self/status'))('is seen at the peak of its own memory', async () => {
    const held = 'let held = Buffer.alloc(200e6, 1); setTimeout(() => { held = undefined; }, 100)';
    const { anonymous = 0, resident = 0 } = await runNode(held);
    expect(anonymous).toBeGreaterThan(200e6);
    expect(anonymous).toBeLessThan(260e6);
    // The program itself is mapped.
    expect(resident).toBeGreaterThan(anonymous);
  });

  it('is measured by what it prints, where it measures itself', async () => {
    const prints = ['-e', 'process.stdout.write("12"); process.stdout.write(".5\\n")'];
    expect((await runProcess(process.execPath, prints, { printsSeconds: true })).seconds).toBe(12.5);
    expect((await runProcess(process.execPath, prints)).seconds).not.toBe(12.5);
  });

  it('fails with its words when it ends badly', async () => {
    await expect(runNode('console.error("no such model"); process.exit(3)')).rejects.toThrow(
      /ended with 3\nno such model/,
    );
    await expect(runNode('process.kill(process.pid, "SIGKILL")')).rejects.toThrow(/ended with SIGKILL/);
    await expect(runProcess('permafrost-no-such-command', [])).rejects.toThrow(/cannot run permafrost-no-such-command/);
  });
});

describe('contestants', () => {
  /** Writes down in which order they ran, and what there was before them. */
  function contestants(log: string, rounds?: number) {
    return ['a', 'b'].map((what) => ({
      what,
      command: (folder: string) => {
        const source = `
          require('node:fs').appendFileSync(${JSON.stringify(log)}, '${what}');
          if (require('node:fs').readdirSync('${folder}').length > 0) process.exit(1);
          require('node:fs').writeFileSync('${folder}/${what}', '');`;
        return [process.execPath, '-e', source];
      },
      verify: (folder: string) => namesIn(folder).join(),
      ...(what === 'b' && rounds !== undefined ? { rounds } : {}),
    }));
  }

  async function orderOf(rounds: number, limit?: number, warmUp?: boolean) {
    const parent = temporaryFolder();
    const folder = join(parent, 'targets');
    const log = join(parent, 'log');
    const options = warmUp === undefined ? { rounds, folder } : { rounds, folder, warmUp };
    const rows = await alternate(contestants(log, limit), options);
    expect(readdirSync(parent)).toEqual(['log']);
    return { order: readFileSync(log, 'utf8'), rows };
  }

  it('take turns, each round the other way round, after one that does not count', async () => {
    const { order, rows } = await orderOf(2);
    expect(order).toBe('baabba');
    expect(rows.map(({ runs }) => runs.length)).toEqual([2, 2]);
    expect(rows.map(({ verified }) => verified)).toEqual(['a', 'b']);
  });

  it('take part in some rounds only, and need no warming up', async () => {
    const { order, rows } = await orderOf(2, 1, false);
    expect(order).toBe('aba');
    expect(rows[1]?.runs[0]?.seconds).toBeGreaterThan(0);
    expect(rows[1]?.runs[1]).toBeUndefined();
    expect(rows[1]?.verified).toBe('b');
  });

  it('end it all when one of them fails, and leave nothing behind', async () => {
    const folder = join(temporaryFolder(), 'targets');
    const broken = { what: 'broken', command: () => [process.execPath, '-e', 'process.exit(1)'] };
    await expect(alternate([broken], { rounds: 1, folder })).rejects.toThrow(/ended with 1/);
    const wrong = {
      what: 'wrong',
      command: () => [process.execPath, '-e', ''],
      verify: (target: string) => expectFile(join(target, 'frozen'), { bytes: 1, sha256: '' }),
    };
    await expect(alternate([wrong], { rounds: 1, folder })).rejects.toThrow(/ENOENT/);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('one file', () => {
  it('has the bytes that were expected, or is refused', () => {
    const file = join(temporaryFolder(), 'frozen');
    const expected = { bytes: 3, sha256: createHash('sha256').update('abc').digest('hex') };
    writeFileSync(file, 'abc');
    expect(expectFile(file, expected)).toBe('every byte as expected');
    writeFileSync(file, 'abd');
    expect(() => expectFile(file, expected)).toThrow(/not the expected bytes/);
    writeFileSync(file, 'ab');
    expect(() => expectFile(file, expected)).toThrow(/has 2 bytes, and not the 3/);
  });
});

describe('files of tensors', () => {
  const heads = [
    { offset: 0, hex: Buffer.from('first').toString('hex') },
    { offset: 4e6, hex: Buffer.from('second').toString('hex') },
  ];
  const size = { least: 8e6, most: 8.1e6 };

  function oneFile(second: number): string {
    const file = join(temporaryFolder(), 'frozen');
    const bytes = Buffer.alloc(8e6 + 100);
    bytes.write('first', 30);
    bytes.write('second', second);
    writeFileSync(file, bytes);
    return file;
  }

  it('are one after the other in one file', () => {
    const file = oneFile(4e6 + 60);
    expect(expectHeads(file, heads, size)).toBe('size right, first bytes of 2 tensors as expected');
    truncateSync(file, 7e6);
    expect(() => expectHeads(file, heads, size)).toThrow(/has 7000000 bytes in 1 files, and not 8000000 to 8100000/);
  });

  it('are refused in the wrong place', () => {
    expect(() => expectHeads(oneFile(6e6), heads, size)).toThrow(/lacks the tensor whose place is 4000000 bytes/);
  });

  it('are a file each', () => {
    const folder = join(temporaryFolder(), 'frozen');
    mkdirSync(join(folder, 'weights'), { recursive: true });
    writeFileSync(join(folder, 'graph.pb'), 'graph');
    for (const name of ['second', 'first']) {
      writeFileSync(join(folder, 'weights', name), name);
      truncateSync(join(folder, 'weights', name), 4e6);
    }
    expect(expectHeads(folder, heads, size)).toContain('2 tensors as expected');
    writeFileSync(join(folder, 'weights', 'second'), 'secund');
    truncateSync(join(folder, 'weights', 'second'), 4e6);
    expect(() => expectHeads(folder, heads, size)).toThrow(/lacks the tensor/);
  });
});
