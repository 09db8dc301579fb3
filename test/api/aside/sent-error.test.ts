import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { received, type SentError, sendable } from '../../../src/api/aside/sent-error.js';
import { isPermafrostError, PermafrostError } from '../../../src/errors.js';

/** What an error is on the other side of a message. */
function cross(error: Error): Error {
  return received(structuredClone<SentError>(sendable(error)));
}

function systemError(): NodeJS.ErrnoException {
  try {
    readFileSync('/no/such/file');
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  throw new Error('there is a /no/such/file');
}

describe('an error that crosses threads', () => {
  it('is a PermafrostError with its code, message and stack', () => {
    const error = new PermafrostError('READ_FAILED', 'some text', { lines: ['of two lines'] });
    const other = cross(error);
    expect(other).toBeInstanceOf(PermafrostError);
    expect(isPermafrostError(other)).toBe(true);
    const { code, message, name, stack } = other as PermafrostError;
    expect([code, message, name, stack]).toEqual([
      'READ_FAILED',
      'some text\n  of two lines',
      'PermafrostError',
      error.stack,
    ]);
    expect(other.cause).toBeUndefined();
  });

  it('brings its causes along, and what the system said of them', () => {
    const cause = systemError();
    const other = cross(new PermafrostError('FILE_NOT_FOUND', 'text', { cause })).cause as NodeJS.ErrnoException;
    expect(other).toBeInstanceOf(Error);
    const { code, errno, syscall, path, message } = other;
    expect({ code, errno, syscall, path, message }).toEqual({
      code: 'ENOENT',
      errno: cause.errno,
      syscall: 'open',
      path: '/no/such/file',
      message: cause.message,
    });
  });

  it('may be one that nobody foresaw', () => {
    const other = cross(new RangeError('out of it', { cause: { not: 'an error' } }));
    expect(isPermafrostError(other)).toBe(false);
    expect([String(other), other.cause]).toEqual(['RangeError: out of it', '[object Object]']);
  });

  it('may carry what cannot cross', () => {
    const error = Object.assign(new Error('text'), { callback: () => 1, count: 3 });
    expect(Object.entries(cross(error))).toEqual([['count', 3]]);
  });
});
