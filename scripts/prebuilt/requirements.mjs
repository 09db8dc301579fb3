// What a binary asks of the machine that it is loaded on.
import { execFileSync } from 'node:child_process';

/** The oldest C library that a binary has to run with: that of Debian 10 and Red Hat 8. Node 20 itself asks for no older. */
export const oldestGlibc = '2.28';

/** What is part of every Linux with that C library. Of musl it is one file, whose path is its own loader's. */
const ofTheSystem = {
  glibc: /^(lib(c|m|dl|pthread)\.so\.\d|ld-linux-[\w-]+\.so\.\d)$/,
  musl: /^libc\.so$/,
};

/** What a binary of Linux needs that an old system with its C library may not have; empty is well. */
export function unmetRequirements(file) {
  const libc = file.endsWith('.musl.node') ? 'musl' : 'glibc';
  const read = (flag) => execFileSync('readelf', [flag, '--wide', file], { encoding: 'utf8' });
  const libraries = [...read('--dynamic').matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name);
  const versions = [...read('--version-info').matchAll(/Name: (\w+)_([\d.]+)/g)];
  // Symbols of musl have no versions.
  const isOld = (name, version) => libc === 'glibc' && name === 'GLIBC' && !isNewer(version, oldestGlibc);
  const tooNew = versions.filter(([, name, version]) => !isOld(name, version));
  if (libraries.length === 0) throw new Error(`${file} says of no library that it needs it: is it a binary of Linux?`);
  return [
    ...libraries.filter((name) => !ofTheSystem[libc].test(name)),
    ...tooNew.map(([, name, version]) => `${name}_${version}`),
  ];
}

/** Whether a binary is left in memory when Node unloads it: what it has registered for the end of the process is code of its own. */
export function staysLoaded(file) {
  const dynamic = execFileSync('readelf', ['--dynamic', '--wide', file], { encoding: 'utf8' });
  return /\(FLAGS_1\).*\bNODELETE\b/.test(dynamic);
}

function isNewer(version, other) {
  const [major, minor] = version.split('.').map(Number);
  const [otherMajor, otherMinor] = other.split('.').map(Number);
  return major > otherMajor || (major === otherMajor && minor > otherMinor);
}
