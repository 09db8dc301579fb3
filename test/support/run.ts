/** Runs the built package in child processes, as users do. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts `node` with these arguments in the root of the package. */
export function startNode(...args: string[]): Running {
  return startNodeWith({}, ...args);
}

/** In another folder, or with more in its environment. */
export function startNodeWith(
  { cwd = root, env = {} }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
  ...args: string[]
): Running {
  if (!existsSync(`${root}/dist/index.js`)) throw new Error('the package is not built: npm run build');
  const settings = { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] as 'pipe'[] };
  const child = spawn(process.execPath, args, settings);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

/** Runs one of the two commands. */
export function runCommand(command: 'permafrost' | 'freeze-graph', ...args: string[]): Promise<Ended> {
  return startNode(`dist/cli/${command}.js`, ...args).ended;
}

/** Runs a module's source; it may import the built package as `permafrost`. */
export function runModule(source: string): Promise<Ended> {
  return startNode('--input-type=module', '--eval', source).ended;
}

/** Resolves as soon as `condition` holds. */
export async function until(condition: () => boolean, milliseconds = 20_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${milliseconds} ms in vain`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
