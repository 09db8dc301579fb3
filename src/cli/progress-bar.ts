/** One line on a terminal that is drawn over until it is cleared. */
import type { WriteStream } from 'node:tty';
import type { Progress } from '../api/write.js';
import { formatBytes } from './format-report.js';

const width = 30;

/** @returns what draws the bar; undefined where `stream` is no terminal. */
export function progressBar(stream: WriteStream): ((progress: Progress) => void) | undefined {
  if (!stream.isTTY) return undefined;
  return ({ written, total }) => {
    if (written >= total) {
      stream.write('\r\x1b[K');
      return;
    }
    const filled = Math.floor((written / total) * width);
    const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
    stream.write(`\r\x1b[K${bar} ${formatBytes(written)} of ${formatBytes(total)}`);
  };
}
