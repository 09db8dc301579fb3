import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PermafrostError } from '../src/errors.js';
import { adviceOn, adviceOnNone, loadBinary } from '../src/native-binary.js';
import { temporaryFolder } from './support/folder.js';
import { program } from './support/program.js';
import { root, runModule, startNode } from './support/run.js';

const real = readFileSync(join(root, 'build', 'Release', 'permafrost.node'));
const here = `${process.platform}-${process.arch}`;
// The tests run where the README says that they do.
const prebuilt =
  process.platform === 'linux' ? `prebuilds/${here}/permafrost.glibc.node` : `prebuilds/${here}/permafrost.node`;
const built = 'build/Release/permafrost.node';

/** A package with these files. */
function packageWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return folder;
}

function failure(folder: string): PermafrostError {
  try {
    loadBinary(folder);
  } catch (error) {
    return error as PermafrostError;
  }
  throw new Error('it was loaded');
}

describe('the addon', () => {
  it.each([built, prebuilt])('is loaded from %s', (name) => {
    expect(loadBinary(packageWith({ [name]: real }))).toHaveProperty('openBundle');
  });

  it('is that of the checkout, where there are both', () => {
    const folder = packageWith({ [built]: 'no binary', [prebuilt]: real });
    const { message } = failure(folder);
    expect(message).toContain(`tried: ${join(folder, built)} (`);
    expect(message).not.toContain(prebuilt);
  });

  it.runIf(process.platform === 'linux')('is that of the C library of this Node', () => {
    const execPath = join(temporaryFolder(), 'node');
    const { execPath: own } = process;
    onTestFinished(() => {
      process.execPath = own;
    });
    process.execPath = execPath;
    const both = packageWith({
      [`prebuilds/${here}/permafrost.glibc.node`]: '',
      [`prebuilds/${here}/permafrost.musl.node`]: '',
    });
    // What cannot be read is taken for the usual one.
    expect(failure(both).message).toMatch(/ with glibc; .*permafrost\.glibc\.node \(/);
    writeFileSync(execPath, program('/lib/ld-musl-x86_64.so.1', 176));
    expect(failure(both).message).toMatch(/ with musl; .*permafrost\.musl\.node \(/);
  });

  it('is missed with the platform, both paths and what to do', () => {
    const folder = packageWith({});
    const { code, message } = failure(folder);
    expect(code).toBe('NATIVE_UNAVAILABLE');
    expect(message).toContain(`cannot be loaded on ${here}`);
    expect(message).toContain(`${join(folder, built)} (no such file), ${join(folder, prebuilt)} (no such file).`);
    expect(message).toMatch(/The package has no binaries\. In a checkout, run `npm run build:native`\.$/);
  });

  it('is missed among those of other platforms', () => {
    const others = ['sunos-x64', 'openbsd-x64', 'freebsd-x64', 'freebsd-arm64', 'android-arm64', 'aix-ppc64'];
    const binaries = others.map((other) => `${other}/permafrost.node`);
    const folder = packageWith(Object.fromEntries(binaries.map((binary) => [`prebuilds/${binary}`, 'x'])));
    expect(failure(folder).message).toContain(`has binaries for other platforms only: ${binaries.sort().join(', ')}.`);
  });

  it.each([
    ['empty', new Uint8Array()],
    ['text', 'not found'],
    ['cut off in its header', real.subarray(0, 40)],
    ['cut off in the middle', real.subarray(0, real.length / 2)],
    ['cut off by a byte', real.subarray(0, -1)],
    ['of another processor', withMachine(0x28)],
  ])('is refused if it is %s', (_what, bytes) => {
    const folder = packageWith({ [prebuilt]: bytes });
    const { code, message, cause } = failure(folder);
    expect(code).toBe('NATIVE_UNAVAILABLE');
    expect(message).toContain(`tried: ${join(folder, built)} (no such file), ${join(folder, prebuilt)} (`);
    expect(message).toMatch(/ Install permafrost again on this machine; in a checkout, run `npm run build:native`\.$/);
    expect(message).toContain((cause as Error).message.split('\n')[0]);
  });

  it('is missed with what can be done on that machine', () => {
    expect(adviceOnNone('win32', 'x64')).toMatch(/^It does not run on Windows/);
    expect(adviceOnNone('linux', 'arm64')).toMatch(/build:native`\.$/);
    expect(adviceOnNone('linux', 'riscv64')).toMatch(/build:native`; nobody has tried that on riscv64\.$/);
  });

  it.each([
    "EACCES: permission denied, open '/lib/permafrost.node'",
    '/lib/permafrost.node: cannot open shared object file: Permission denied',
  ])('that may not be read is not to be installed again: %s', (message) => {
    expect(adviceOn(new Error(message))).toBe('Let this user read the file and its folders.');
  });

  it('that needs a newer system says which', () => {
    const error = new Error("/lib/libc.so.6: version `GLIBC_2.38' not found (required by /permafrost.glibc.node)");
    expect(adviceOn(error)).toMatch(/^The system has to be as new as GLIBC_2\.38; or build permafrost /);
  });

  it('is refused by a Node that takes no addons, with the flag that says so', async () => {
    const source = `import('permafrost').then(({ liveHandles }) => liveHandles()).catch(({ message }) => console.log(message));`;
    const { stdout } = await startNode('--no-addons', '-e', source).ended;
    expect(stdout).toMatch(/ Node was started with --no-addons, and permafrost needs its own\. Start it without\.\n$/);
  });

  it('is refused by a process that cannot tell the instructions it is to use', async () => {
    const source = `
      process.env.PERMAFROST_CPU = 'avx3';
      const { freeze } = await import('permafrost');
      const demo = './examples/demo/';
      const options = { graph: demo + 'graph.pb', checkpoint: demo + 'model.ckpt-200', outputs: 'inference/probabilities' };
      await freeze({ ...options, dryRun: true }).catch(({ code, message }) => console.log(code, message));`;
    const { stdout } = await runModule(source);
    expect(stdout).toMatch(/^NATIVE_UNAVAILABLE .*PERMAFROST_CPU is "avx3", but has to be one of: portable, /);
    expect(stdout).toMatch(/\)\. Set it to one of these, or not at all\.\n$/);
  });
});

/** The addon with another number of its processor in its header: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
function withMachine(machine: number): Uint8Array {
  const bytes = Uint8Array.from(real);
  bytes[18] = machine;
  return bytes;
}
