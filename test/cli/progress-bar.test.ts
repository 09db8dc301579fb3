import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { expect, it } from 'vitest';
import { progressBar } from '../../src/cli/progress-bar.js';

function terminal(isTTY: boolean): { stream: WriteStream; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY });
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  return { stream: stream as unknown as WriteStream, text: () => text };
}

it('there is none where the stream is no terminal', () => {
  expect(progressBar(terminal(false).stream)).toBeUndefined();
});

it('it fills from left to right and says how far it is', () => {
  const { stream, text } = terminal(true);
  progressBar(stream)?.draw({ written: 500_000, total: 1_000_000 });
  expect(text()).toBe(`\r\x1b[K${'█'.repeat(15)}${'░'.repeat(15)} 500.0 kB of 1.0 MB`);
});

it('it is gone when it is cleared', () => {
  const { stream, text } = terminal(true);
  const bar = progressBar(stream);
  bar?.draw({ written: 1, total: 3 });
  bar?.clear();
  expect(text().endsWith('\r\x1b[K')).toBe(true);
});
