// What the scripts share: where the project is, and running one of its commands.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a command in the project's root with its output shown; ends this process when the command fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) console.error(`cannot run ${command} (${error.message})`);
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs one of the tools that npm installed. */
export function runTool(name, args, options) {
  run(process.execPath, [`${root}/node_modules/.bin/${name}`, ...args], options);
}

/** Every C++ file of the project. */
export function nativeSources() {
  const list = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.cc', '*.h'], {
    cwd: root,
  });
  const files = list.stdout.toString().trim().split('\n');
  if (files.length < 2) throw new Error('no C++ files found: is this a git checkout?');
  return files;
}
