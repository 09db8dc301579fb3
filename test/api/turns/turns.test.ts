import { describe, expect, it } from 'vitest';
import { Turns } from '../../../src/api/turns/turns.js';
import { failure } from '../../support/failure.js';

/** Work that says when it begins and ends when it is told. */
function work(name: string, begun: string[]): { run: () => Promise<string>; end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = async (): Promise<string> => {
    begun.push(name);
    await ended;
    return name;
  };
  return { run, end };
}

/** Lets everything happen that can. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('are given to so many at once, and to the others in their order', async () => {
    const turns = new Turns(2);
    const begun: string[] = [];
    const jobs = ['a', 'b', 'c', 'd'].map((name) => work(name, begun));
    const results = jobs.map(({ run }) => turns.take(undefined, run));
    await settle();
    expect(begun).toEqual(['a', 'b']);
    jobs[1]?.end();
    await settle();
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const { end } of jobs) end();
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are given back by work that fails', async () => {
    const turns = new Turns(1);
    const failing = turns.take(undefined, () => Promise.reject(new Error('on purpose')));
    await expect(failing).rejects.toThrow('on purpose');
    expect(await turns.take(undefined, async () => 'next')).toBe('next');
  });

  it('end once, however often they are given back', async () => {
    const turns = new Turns(1);
    const leave = await turns.begin(undefined);
    leave();
    leave();
    const begun: string[] = [];
    const jobs = ['a', 'b'].map((name) => work(name, begun));
    const results = jobs.map(({ run }) => turns.take(undefined, run));
    await settle();
    expect(begun).toEqual(['a']);
    for (const { end } of jobs) end();
    expect(await Promise.all(results)).toEqual(['a', 'b']);
  });

  it('are not waited for any more when the signal is aborted', async () => {
    const turns = new Turns(1);
    const begun: string[] = [];
    const jobs = ['a', 'b', 'c'].map((name) => work(name, begun));
    const controller = new AbortController();
    const [first, second, third] = jobs.map(({ run }, index) =>
      turns.take(index === 1 ? controller.signal : undefined, run),
    );
    const refused = failure(() => second as Promise<string>);
    controller.abort('no time');
    const error = await refused;
    expect([error.code, error.cause]).toEqual(['ABORTED', 'no time']);
    for (const { end } of jobs) end();
    expect(await Promise.all([first, third])).toEqual(['a', 'c']);
    expect(begun).toEqual(['a', 'c']);
  });

  it('are not taken with a signal that is aborted already', async () => {
    const turns = new Turns(1);
    const begun: string[] = [];
    const { run } = work('a', begun);
    expect((await failure(() => turns.take(AbortSignal.abort(), run))).code).toBe('ABORTED');
    expect(begun).toEqual([]);
    expect(await turns.take(undefined, async () => 'next')).toBe('next');
  });
});
