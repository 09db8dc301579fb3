import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onAbort } from '../src/on-abort.js';

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('whoever listens to a signal', () => {
  it('is told once, in order, and leaves nothing behind', () => {
    const controller = new AbortController();
    const { signal } = controller;
    const told: string[] = [];
    const ends = Array.from('abc', (name) => onAbort(signal, () => told.push(name)));
    expect(listenersOf(signal)).toBe(1);
    ends[1]?.();
    ends[1]?.();
    controller.abort();
    expect(told).toEqual(['a', 'c']);
    for (const end of ends) end();
    expect(listenersOf(signal)).toBe(0);
  });

  it('may be told to leave by another', () => {
    const controller = new AbortController();
    let told = false;
    let leave = (): void => undefined;
    onAbort(controller.signal, () => leave());
    leave = onAbort(controller.signal, () => {
      told = true;
    });
    controller.abort();
    expect(told).toBe(false);
  });

  it('costs a signal nothing when it has left, and may come again', () => {
    const controller = new AbortController();
    const { signal } = controller;
    let told = 0;
    const listener = (): void => {
      told++;
    };
    for (const end of [onAbort(signal, listener), onAbort(signal, listener)]) end();
    expect(listenersOf(signal)).toBe(0);
    onAbort(signal, listener);
    onAbort(signal, listener);
    controller.abort();
    expect(told).toBe(2);
  });
});
