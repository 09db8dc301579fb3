#!/usr/bin/env node
// What prebuildify takes for node-gyp: it asks for `rebuild --target=… --arch=…`, and cmake-js does it, in the folder that
// prebuildify is in. On Linux with Zig: only so does the binary of one machine run on older ones, and on other processors.
import { join } from 'node:path';
import { root, runTool } from './lib/run.mjs';
import { findZig } from './lib/zig.mjs';

/** The oldest C library that is still about: that of Debian 10 and Red Hat 8. Node 20's own binaries ask for as much. */
const libraries = { glibc: 'gnu.2.28', musl: 'musl' };
const processors = { x64: 'x86_64', arm64: 'aarch64' };

const { PREBUILD_ARCH: arch, PREBUILD_LIBC: libc, PREBUILD_PLATFORM: platform } = process.env;

runTool('cmake-js', [
  ...['build', '--directory', root, '--out', join(process.cwd(), 'build'), '--arch', arch],
  ...(platform === 'linux' ? zigOptions() : []),
]);

function zigOptions() {
  const definitions = {
    CMAKE_TOOLCHAIN_FILE: join(root, 'native', 'toolchains', 'zig.cmake'),
    PERMAFROST_ZIG: findZig(),
    PERMAFROST_ZIG_TARGET: `${processors[arch]}-linux-${libraries[libc]}`,
  };
  return Object.entries(definitions).map(([name, value]) => `--CD${name}=${value}`);
}
