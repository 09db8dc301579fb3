// The Python that has TensorFlow in it.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * Returns the interpreter of a virtual environment with TensorFlow, which is made when absent.
 * `folder` has the lists of packages; `requirements-alone.txt` are those whose dependencies would be another TensorFlow.
 */
export function findPython(root, folder) {
  const named = process.env.PERMAFROST_TENSORFLOW_VENV;
  if (named) return pythonOf(named);
  const venv = path.join(root, 'build', 'tensorflow-venv');
  const python = interpreterIn(venv);
  if (existsSync(python)) return python;
  console.log(`Installing TensorFlow into ${path.relative(root, venv)} …`);
  try {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
    const install = (...args) =>
      execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...args], { stdio: 'inherit' });
    install('-r', path.join(folder, 'requirements.txt'));
    install('--no-deps', '-r', path.join(folder, 'requirements-alone.txt'));
  } catch (error) {
    // Half an environment would be taken for a whole one next time.
    rmSync(venv, { recursive: true, force: true });
    throw error;
  }
  return python;
}

/** The interpreter of a virtual environment that somebody named; it must be there. */
export function pythonOf(venv) {
  const python = interpreterIn(venv);
  if (!existsSync(python)) throw new Error(`Expected a virtual environment in ${venv} but ${python} is absent`);
  return python;
}

const interpreterIn = (venv) => path.join(venv, 'bin', 'python');

/** Runs a Python file on `input` and returns what it printed; what it logged is shown only when it fails. */
export function runPython(python, args, input = '') {
  const { status, stdout, stderr, error } = spawnSync(python, args, {
    encoding: 'utf8',
    input,
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${path.basename(args[0])} failed (exit code ${status})\n${stderr}${stdout}`);
  return stdout;
}

/** Starts a Python file that prints nothing of use, and says with its promise when it is done. */
export async function startPython(python, args) {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn(python, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    log += text;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${path.basename(args[0])} failed (exit code ${status})\n${log}`);
}
