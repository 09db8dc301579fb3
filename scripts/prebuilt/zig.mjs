// Zig, which brings a C++ compiler with the C libraries of all Linuxes along.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../lib/run.mjs';
import { oldestGlibc } from './requirements.mjs';

const version = '0.17.1';
const libraries = { glibc: `gnu.${oldestGlibc}`, musl: 'musl' };
const processors = { x64: 'x86_64', arm64: 'aarch64' };

/** What CMake has to be told to compile for that Linux; names as in Node and prebuildify. */
export function zigDefinitions(arch, libc) {
  return {
    CMAKE_TOOLCHAIN_FILE: join(root, 'native', 'toolchains', 'zig.cmake'),
    PERMAFROST_ZIG: findZig(),
    PERMAFROST_ZIG_TARGET: `${processors[arch]}-linux-${libraries[libc]}`,
  };
}

/** Path of the program: what PERMAFROST_ZIG names, or PyPI's, which is installed when it is absent. */
function findZig() {
  if (process.env.PERMAFROST_ZIG) return process.env.PERMAFROST_ZIG;
  const venv = join(root, 'build', `zig-${version}`);
  const python = join(venv, 'bin', 'python');
  if (!existsSync(venv)) {
    console.log(`Installing Zig ${version} into ${venv} …`);
    // Half an environment would be taken for a whole one next time.
    process.on('exit', (code) => code !== 0 && rmSync(venv, { recursive: true, force: true }));
    run('python3', ['-m', 'venv', venv]);
    run(python, ['-m', 'pip', 'install', '--quiet', `ziglang==${version}`]);
  }
  const find = 'import os, ziglang; print(os.path.join(os.path.dirname(ziglang.__file__), "zig"))';
  const { status, stdout, stderr } = spawnSync(python, ['-c', find], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Zig is not in ${venv}; delete that folder to install it again.\n${stderr}`);
  return stdout.trim();
}
