import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText } from '../../src/io/read-file.js';
import { readMessage } from '../../src/io/read-message.js';
import { failure } from '../support/failure.js';
import { temporaryFolder } from '../support/folder.js';

describe('a file that says that it is empty', () => {
  it('is an empty text where it is', async () => {
    const path = join(temporaryFolder(), 'map.json');
    writeFileSync(path, '');
    expect(await readText(path)).toBe('');
  });
  // Some of these never end, such as the log of the kernel.
  it.runIf(existsSync('/proc/self/maps'))('and has content is not read', async () => {
    const path = join(temporaryFolder(), 'map.json');
    symlinkSync('/proc/self/maps', path);
    const [text, message] = [
      await failure(() => readText(path)),
      await failure(() => readMessage(path, 'GraphDef', false)),
    ];
    expect([text.code, message.code]).toEqual(['READ_FAILED', 'READ_FAILED']);
    expect(text.message).toBe(
      `${path} says that it is empty, and has content: it is no plain file. Save it as one first.`,
    );
  });
});
