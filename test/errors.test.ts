import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../src/cli/exit-codes.js';
import { errorCodes, isPermafrostError, PermafrostError, reason } from '../src/errors.js';

describe('a PermafrostError', () => {
  it('is an Error with a code, a message and a cause', () => {
    const cause = new Error('why');
    const error = new PermafrostError('READ_FAILED', 'what', { cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.message, error.cause]).toEqual([
      'PermafrostError',
      'READ_FAILED',
      'what',
      cause,
    ]);
    expect(String(error)).toBe('PermafrostError: what');
  });
  it('has 4,000 characters at most, with what stands at both ends', () => {
    expect(new PermafrostError('READ_FAILED', 'x'.repeat(4_000)).message).toBe('x'.repeat(4_000));
    for (const length of [4_000, 1_000_000]) {
      const { message } = new PermafrostError('READ_FAILED', `what ${'é'.repeat(length)} do this`);
      expect(message.length).toBeLessThanOrEqual(4_000);
      expect(message).toMatch(/^what é+ … é+ do this$/);
    }
  });
  it('has a message without control characters, on one line but for what it lists', () => {
    const name = 'a\x1b]0;t\x07\r\n\x7f\x9b31m\u00a0é';
    const text = 'a\\x1b]0;t\\x07\\x0d\\x0a\\x7f\\x9b31m\u00a0é';
    const error = new PermafrostError('READ_FAILED', `one ${name}`, { lines: [`two ${name}`, 'three'] });
    expect(error.message).toBe(`one ${text}\n  two ${text}\n  three`);
    expect(error.stack).toContain(`PermafrostError: ${error.message}\n`.replace('PermafrostError', 'Error'));
    expect(new PermafrostError('READ_FAILED', error.message.split('\n', 1)[0] as string).message).toBe(`one ${text}`);
  });
  it('is known by its name, whichever copy of the package made it', () => {
    const other = Object.assign(new Error('what'), { name: 'PermafrostError', code: 'ABORTED' });
    expect(isPermafrostError(other)).toBe(true);
  });
  it('is known by it in other contexts of node:vm, too', () => {
    const other = runInNewContext(`Object.assign(new Error('what'), { name: 'PermafrostError', code: 'ABORTED' })`);
    expect([other instanceof Error, isPermafrostError(other), reason(other)]).toEqual([false, true, 'what']);
  });
  it('is nothing else', () => {
    const values = [
      new Error('what'),
      Object.assign(new Error('what'), { code: 'ENOENT' }),
      Object.assign(new Error('what'), { name: 'PermafrostError' }),
      { name: 'PermafrostError', code: 'ABORTED', message: 'what' },
      'ABORTED',
      null,
      undefined,
      {},
    ];
    expect(values.map(isPermafrostError)).toEqual(values.map(() => false));
  });
});

it('reason takes anything that can be thrown', () => {
  expect([reason(new Error('a')), reason('b'), reason(undefined), reason(7)]).toEqual(['a', 'b', 'undefined', '7']);
  expect(reason(new DOMException('c'))).toBe('c');
});

describe('docs/errors.md', () => {
  const page = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
  const rows = new Map(
    [...page.matchAll(/^\| `([A-Z_]+)` .*\| ([\d, ]+) \|$/gm)].map(([, code, exit]) => [code, exit]),
  );

  it('has every code once, and no other', () => {
    expect([...rows.keys()].sort()).toEqual([...errorCodes].sort());
  });
  it('has the exit codes of the commands', () => {
    for (const code of errorCodes) {
      // Signals have exit codes of their own.
      if (code !== 'ABORTED') expect(rows.get(code), code).toBe(String(exitCodeOf(code)));
    }
  });
});
