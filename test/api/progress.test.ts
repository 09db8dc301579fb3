// Progress of what nobody waits for: held against a clock that the test sets.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PacedProgress, type Progress } from '../../src/api/progress.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('is told 20 times a second at most, however often there is some, and at the end', () => {
  const seen: Progress[] = [];
  const progress = new PacedProgress((each) => seen.push(each), 3_001);
  for (let written = 1; written <= 3_000; written++) {
    vi.advanceTimersByTime(1);
    progress.tell(written);
  }
  expect(seen.length).toBe(60);
  progress.tell(3_001);
  expect(seen.at(-1)).toEqual({ written: 3_001, total: 3_001 });
});
