// `npm run build:prebuilt`: the addon for other machines than this one, in `prebuilds`, where `src/native-binary.ts` looks for it. On
// Linux for those below that have been tried, or that the arguments name (`linux-arm64.musl`); elsewhere this platform alone.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTool } from './lib/run.mjs';

const tried = ['linux-x64.glibc', 'linux-arm64.glibc', 'linux-x64.musl'];
const untried = ['linux-arm64.musl'];
const here = `${process.platform}-${process.arch}`;
const onLinux = process.platform === 'linux';
const known = onLinux ? [...tried, ...untried] : [here];

const named = process.argv.slice(2);
const unknown = named.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`cannot build ${unknown.join(', ')} here: ${known.join(', ')} can be.`);
  process.exit(1);
}

for (const name of named.length > 0 ? named : onLinux ? tried : known) build(name);

/** `name`: platform and processor, and on Linux the C library. */
function build(name) {
  const [platform, arch, libc] = name.split(/[-.]/);
  // A folder for each, so that a second build takes no longer than what has changed, and build/Release stays.
  const folder = join(root, 'build', 'prebuilt', name);
  mkdirSync(folder, { recursive: true });
  if (libc !== undefined) console.log(`${name}: its first link takes minutes, as Zig compiles libc++ for it.`);
  runTool(
    'prebuildify',
    [
      ...['--napi', '--name', 'permafrost', '--platform', platform, '--arch', arch],
      // Zig's linker has stripped it.
      ...(libc === undefined ? ['--strip'] : ['--tag-libc', '--libc', libc]),
      ...['--node-gyp', join(root, 'scripts', 'node-gyp.mjs'), '--out', root],
    ],
    { cwd: folder },
  );
}
