/** Models that were made to take more than they should: files of a megabyte at most, and the command that reads them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { PermafrostErrorCode } from '../../src/index.js';
import { makeFolder } from '../support/folder.js';
import { encode, type NodeLiteral } from '../support/graph-def.js';
import { smallTensors } from '../support/model.js';
import { peakMemorySource } from '../support/peak-memory.js';
import { startNode } from '../support/run.js';
import { message, type TensorToWrite, writeBundle } from '../support/write-bundle.mjs';

/** Of each file, in bytes. */
export const hostileSize = 1_000_000;

/** What a process may have in memory at its peak, Node itself included, which has 45 MB: mebibytes. */
const most = 200;

/** What a process may take of a processor: seconds. All of them take less than a third of it. */
const longest = 10;

/** After so many milliseconds, a process is taken never to end. */
const patience = 100_000;

/** As a code in a message, or undefined for a result. */
type Expected = PermafrostErrorCode | undefined;

export interface Attack {
  /** By path in a folder of its own. Besides them there is the checkpoint `model.ckpt`. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  /** Of `permafrost`, which runs in that folder. */
  readonly args: readonly string[];
  /** Of the checkpoint, in the place of the small model's. */
  readonly tensors?: readonly TensorToWrite[];
}

export type Attacks = Readonly<Record<string, readonly [expected: Expected, make: () => Attack]>>;

/** A freeze of `graph.pb` with the small checkpoint, the one way or the other. */
export function freezing(graph: Uint8Array | string, ...more: string[]): Attack {
  const paths = ['--graph', 'graph.pb', '--checkpoint', 'model.ckpt', '--out', 'frozen.pb'];
  return { files: { 'graph.pb': graph }, args: ['freeze', ...paths, '--outputs', 'y', ...more] };
}

/** The peak goes out with the errors. What is not awaited, such as a crash, says nothing of it. */
const meter = `${peakMemorySource}
process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  console.error('peak ' + peakMemory() + ' ' + (userCPUTime + systemCPUTime));
});`;

/** Runs each attack in a process of its own: what it takes must not grow with what the file says. What it took is printed. */
export function withstands(attacks: Attacks): void {
  const peaks: number[] = [];
  const seconds: number[] = [];
  afterAll(() =>
    console.log(`at most ${Math.max(...peaks).toFixed(0)} MiB, ${Math.max(...seconds).toFixed(1)} s of processor time`),
  );
  for (const [what, [expected, make]] of Object.entries(attacks)) {
    it(
      `${what} ${expected === undefined ? 'ends' : `is refused (${expected})`}`,
      async () => {
        const [folder, remove] = makeFolder();
        try {
          const { files, args, tensors = smallTensors } = make();
          for (const [path, content] of Object.entries(files)) {
            expect(content.length, path).toBeLessThanOrEqual(hostileSize);
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), content);
          }
          writeBundle(join(folder, 'model.ckpt'), tensors);
          const placed = args.map((arg, index) => (pathFlags.has(args[index - 1] ?? '') ? join(folder, arg) : arg));
          const { child, ended } = startNode(
            '--import',
            `data:text/javascript,${encodeURIComponent(meter)}`,
            'dist/cli/permafrost.js',
            ...placed,
          );
          const timer = setTimeout(() => child.kill('SIGKILL'), patience);
          const { stderr, signal } = await ended.finally(() => clearTimeout(timer));
          expect(signal, 'what ended it').toBe(null);
          expect(/^\w*Error: .*/m.exec(stderr)?.[0]).toBe(undefined);
          expect(/^([A-Z_]+): /m.exec(stderr)?.[1]).toBe(expected);
          const [, peak, microseconds] = /^peak (\d+) (\d+)$/m.exec(stderr) ?? [];
          peaks.push(Number(peak) / 1024);
          seconds.push(Number(microseconds) / 1e6);
          expect(peaks.at(-1)).toBeLessThan(most);
          expect(seconds.at(-1)).toBeLessThan(longest);
        } finally {
          remove();
        }
      },
      patience + 20_000,
    );
  }
}

const pathFlags: ReadonlySet<string> = new Set([
  ...['--graph', '--checkpoint', '--out', '--place-rules', '--variable-map', '--dot'],
  ...['check', 'suggest', 'list', 'verify'],
]);

/** As many nodes as fit into a hostile file behind `head`, without the last kilobyte. */
export function filledGraph(nodeAt: (index: number) => NodeLiteral, head: Uint8Array = Buffer.alloc(0)): Buffer {
  const parts: Uint8Array[] = [head];
  let size = head.length;
  for (let index = 0; ; index++) {
    const node = message(1, encode('NodeDef', nodeAt(index)));
    if (size + node.length > hostileSize - 1_000) return Buffer.concat(parts);
    size += node.length;
    parts.push(node);
  }
}

/** A text over and over, up to that many characters. */
export function times(text: string, size: number = hostileSize - 1_000): string {
  return text.repeat(Math.floor(size / text.length));
}
