// Runs the addon under LeakSanitizer (test/leaks/exercise.mjs) and fails where something is left that an allocation of
// ours or on our behalf has made. What Node itself leaves has none of our frames and is nobody's business here. A device
// plugin that leaks on purpose shows that such a leak would be found.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const addon = 'permafrost.node';
const suppressions = join(root, 'test', 'leaks', 'suppressions.txt');

const sanitizer = spawnSync('cc', ['-print-file-name=liblsan.so'], { encoding: 'utf8' }).stdout?.trim() ?? '';
if (!existsSync(sanitizer)) {
  console.log('The search for leaks is left out: GCC with LeakSanitizer was not found (Debian: apt-get install gcc).');
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'permafrost-leaks-'));
try {
  const clean = leaksAfter();
  const control = leaksAfter(buildPlugin());
  for (const leak of clean.ours) console.error(leak);
  console.log(`outcomes ${clean.outcomes}: ${clean.ours.length} leaks of ours, ${clean.others} of Node's`);
  const found = control.ours.filter((leak) => leak.includes('54321 byte'));
  console.log(`with a plugin that leaks: ${found.length} of 1 leak found`);
  if (clean.ours.length > 0 || found.length === 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

function buildPlugin() {
  const plugin = join(folder, 'leaks.so');
  const source = join(root, 'test', 'native', 'plugins', 'leaks.c');
  const include = join(root, 'native', 'core', 'devices');
  const { status, stderr } = spawnSync('cc', ['-shared', '-fPIC', '-O0', `-I${include}`, '-o', plugin, source]);
  if (status !== 0) throw new Error(String(stderr));
  return plugin;
}

/** Runs the exercise; what LeakSanitizer reports, by whether the addon had anything to do with it. */
function leaksAfter(...plugin) {
  const output = mkdtempSync(join(folder, 'run-'));
  const logs = join(output, 'logs');
  mkdirSync(logs);
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['test/leaks/exercise.mjs', output, ...plugin],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        LD_PRELOAD: sanitizer,
        // The stacks are to go through frames that keep no frame pointer.
        LSAN_OPTIONS: `exitcode=0:fast_unwind_on_malloc=0:suppressions=${suppressions}:log_path=${join(logs, 'lsan')}`,
      },
    },
  );
  if (status !== 0) throw new Error(`the exercise failed (${status ?? signal}): ${stderr}`);
  const reports = readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8'));
  const leaks = reports.flatMap((report) => report.split('\n\n')).filter((text) => /leak of \d+ byte/.test(text));
  const ours = leaks.filter((leak) => leak.includes(addon));
  return { outcomes: stdout.trim(), ours, others: leaks.length - ours.length };
}
