/** The package as users have it: packed, and installed by npm into an empty project, without scripts, network or compiler. */
import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, statSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { makeFolder } from './folder.js';
import { root } from './run.js';

export interface InstalledPackage {
  readonly tarball: string;
  readonly tarballBytes: number;
  /** The project that it was installed into. */
  readonly project: string;
  /** The package in it. */
  readonly folder: string;
  /** The environment of a machine that has Node, and no compiler. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs Node in the project; throws with its output if it fails. @returns what it printed */
  node(...args: readonly string[]): string;
  remove(): void;
}

/** `npm run build:prebuilt` has made them where this names a folder; else the addon of this checkout stands for all. */
const prebuilds = process.env.PERMAFROST_PREBUILDS;

export function installPackage(): InstalledPackage {
  const [place, remove] = makeFolder();
  const project = join(place, 'project');
  const tools = join(place, 'tools');
  mkdirSync(project);
  mkdirSync(tools);
  symlinkSync(process.execPath, join(tools, 'node'));
  // Without proxies, registries and settings of this machine, too.
  const env = { PATH: tools, HOME: place };
  const tarball = pack(layOut(join(place, 'package')), place);
  npm(['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', tarball], { cwd: project, env });
  return {
    tarball,
    tarballBytes: statSync(tarball).size,
    project,
    folder: join(project, 'node_modules', 'permafrost'),
    env,
    node: (...args) => run(process.execPath, args, { cwd: project, env }),
    remove,
  };
}

/** Runs one of the project's development tools. */
export function runTool(tool: string, ...args: readonly string[]): string {
  return run(process.execPath, [join(root, 'node_modules', '.bin', tool), ...args], {});
}

/** What is packed, with the binaries in their place. */
function layOut(folder: string): string {
  mkdirSync(folder);
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  const { files } = JSON.parse(manifest) as { files: string[] };
  for (const name of ['package.json', 'README.md', 'LICENSE', ...files.filter((file) => !file.startsWith('!'))]) {
    if (name !== 'prebuilds') cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  const target = join(folder, 'prebuilds');
  if (prebuilds !== undefined) {
    cpSync(prebuilds, target, { recursive: true });
    return folder;
  }
  const name = process.platform === 'linux' ? 'permafrost.glibc.node' : 'permafrost.node';
  const built = join(root, 'build', 'Release', 'permafrost.node');
  cpSync(built, join(target, `${process.platform}-${process.arch}`, name));
  return folder;
}

function pack(folder: string, destination: string): string {
  const printed = npm(['pack', '--ignore-scripts', '--json', '--pack-destination', destination], { cwd: folder });
  const [{ filename }] = JSON.parse(printed) as [{ filename: string }];
  return join(destination, filename);
}

/** npm is a script beside Node, which a PATH without it does not find. */
function npm(args: readonly string[], options: Partial<SpawnSyncOptionsWithStringEncoding>): string {
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm'));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('npm is not on the PATH');
  return run(process.execPath, [realpathSync(found), ...args], options);
}

function run(command: string, args: readonly string[], options: Partial<SpawnSyncOptionsWithStringEncoding>): string {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, { ...options, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${[command, ...args].join(' ')} ended with ${error ?? signal ?? status}\n${stdout}${stderr}`);
  }
  return stdout;
}
