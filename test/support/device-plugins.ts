/** Builds device plugins with CMake, as their authors do. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './run.js';

/** The header as the package exports it. */
const header = createRequire(import.meta.url).resolve('permafrost/permafrost_device.h');

/**
 * The example, from a copy of its folder and of the header that has nothing else of the project around it.
 * @param folder is filled.
 * @returns the path of the library.
 */
export function buildExamplePlugin(folder: string): string {
  const source = join(folder, 'source');
  const include = join(folder, 'include');
  cpSync(join(root, 'examples/device-plugin'), source, { recursive: true });
  mkdirSync(include);
  cpSync(header, join(include, 'permafrost_device.h'));
  build(source, folder, `-DPERMAFROST_INCLUDE=${include}`);
  return join(folder, 'tpu_like.so');
}

/** The wrong ones of `test/native/plugins`, in `folder`, each as its source is called. */
export function buildWrongPlugins(folder: string): void {
  build(join(root, 'test/native/plugins'), folder);
}

function build(source: string, folder: string, ...settings: string[]): void {
  run('-S', source, '-B', folder, ...settings);
  run('--build', folder);
}

function run(...args: string[]): void {
  const { status, error, stdout, stderr } = spawnSync('cmake', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cmake ${args.join(' ')}: ${error ?? stdout + stderr}`);
}
