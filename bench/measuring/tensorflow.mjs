import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** @typedef {{ python: string, version: string }} TensorFlow */

/** Importing it brings its libraries into the page cache, where those of every later run find them. */
const askVersion = 'import tensorflow; print(tensorflow.__version__)';

/**
 * Of the virtual environment that PERMAFROST_TENSORFLOW_VENV names, or of build/tensorflow-venv; undefined where neither is.
 * @param {string} root
 * @returns {TensorFlow | undefined}
 */
export function findTensorFlow(root) {
  const named = process.env.PERMAFROST_TENSORFLOW_VENV;
  const python = path.join(named || path.join(root, 'build', 'tensorflow-venv'), 'bin', 'python');
  if (!existsSync(python)) {
    if (named) throw new Error(`Expected a virtual environment in PERMAFROST_TENSORFLOW_VENV but ${python} is absent.`);
    return undefined;
  }
  const { status, stdout, stderr } = spawnSync(python, ['-c', askVersion], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${python} has no TensorFlow:\n${stderr}`);
  return { python, version: stdout.trim() };
}
