/** Another copy of the built package, as a program has that depends on two packages which bring permafrost along. */
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './folder.js';
import { root } from './run.js';

/** Gone when the test ends. @returns the path of its module. */
export function copyPackage(): string {
  const copy = join(temporaryFolder(), 'copy');
  for (const path of ['package.json', 'dist', 'build/Release/permafrost.node']) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path), { recursive: true, dereference: true });
  }
  return join(copy, 'dist', 'index.js');
}
