/** One line on a terminal that is drawn over until it is cleared. */
import type { WriteStream } from 'node:tty';
import type { Progress } from '../api/progress.js';
import { formatBytes } from './format-bytes.js';

const width = 30;

export interface ProgressBar {
  draw(progress: Progress): void;
  clear(): void;
}

/** @returns undefined where `stream` is no terminal. */
export function progressBar(stream: WriteStream): ProgressBar | undefined {
  if (!stream.isTTY) return undefined;
  return {
    draw({ written, total }) {
      const filled = total === 0 ? width : Math.floor((written / total) * width);
      const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
      stream.write(`\r\x1b[K${bar} ${formatBytes(written)} of ${formatBytes(total)}`);
    },
    clear: () => stream.write('\r\x1b[K'),
  };
}
