#!/usr/bin/env node
// What prebuildify takes for node-gyp: it asks for `rebuild --target=… --arch=…`, and cmake-js does it, in the folder that
// prebuildify is in. On Linux with Zig: only so does the binary of one machine run on older ones, and on other processors.
import { join } from 'node:path';
import { root, runTool } from './lib/run.mjs';
import { zigDefinitions } from './prebuilt/zig.mjs';

const { PREBUILD_ARCH: arch, PREBUILD_LIBC: libc, PREBUILD_PLATFORM: platform } = process.env;
const definitions = platform === 'linux' ? zigDefinitions(arch, libc) : {};

runTool('cmake-js', [
  ...['build', '--directory', root, '--out', join(process.cwd(), 'build'), '--arch', arch],
  ...Object.entries(definitions).map(([name, value]) => `--CD${name}=${value}`),
]);
