// `npm run test:arm64`: the GoogleTests of the core, built for ARM of 64 bits as the package's binary is, in QEMU's emulation.
import { build, jobs } from './lib/cmake.mjs';
import { run } from './lib/run.mjs';
import { arm64Libraries, missingArm64 } from './prebuilt/machines.mjs';
import { zigDefinitions } from './prebuilt/zig.mjs';

const lacking = missingArm64();
if (lacking !== undefined) {
  console.error(`this takes Debian's packages qemu-user, googletest, libc6-arm64-cross; missing: ${lacking}.`);
  process.exit(1);
}

const folder = 'build/arm64-test';
const definitions = {
  ...zigDefinitions('arm64', 'glibc'),
  CMAKE_BUILD_TYPE: 'Release',
  CMAKE_CROSSCOMPILING_EMULATOR: `qemu-aarch64;-L;${arm64Libraries}`,
  PERMAFROST_TESTS: 'ON',
};
run('cmake', ['-S', '.', '-B', folder, ...Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`)]);
build(folder);
run('ctest', ['--test-dir', folder, '--output-on-failure', '--no-tests=error', '--parallel', jobs]);
