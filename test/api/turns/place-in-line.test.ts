import { describe, expect, it } from 'vitest';
import { PlaceInLine } from '../../../src/api/turns/place-in-line.js';
import { jobsAtOnce } from '../../../src/api/turns/pool-threads.js';
import { shortTurns } from '../../../src/api/turns/short-turns.js';
import { type Leave, Turns } from '../../../src/api/turns/turns.js';
import { failure } from '../../support/failure.js';

const chunk = new Uint8Array(1);

/** Lets everything happen that can. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** All short turns that there are. */
function allTurns(): Promise<Leave[]> {
  return Promise.all(Array.from({ length: jobsAtOnce(process.env) }, () => shortTurns.begin(undefined)));
}

describe('a freeze into a stream', () => {
  it('that has ended while the stream took its piece keeps no turn', async () => {
    let goOn = (): void => undefined;
    const taken = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const place = new PlaceInLine(() => undefined, undefined);
    const pending = place.givenUpDuring(() => taken)(chunk);
    place.end();
    goOn();
    await pending;
    for (const leave of await allTurns()) leave();
  });

  it('whose stream fails has given back its turn once, and not twice', async () => {
    const turns = new Turns(1);
    const place = new PlaceInLine(await turns.begin(undefined), undefined);
    const failing = place.givenUpDuring(() => Promise.reject(new Error('on purpose')));
    await expect(failing(chunk)).rejects.toThrow('on purpose');
    place.end();
    const leave = await turns.begin(undefined);
    let hasBegun = false;
    const next = turns.begin(undefined).then((leaveNext) => {
      hasBegun = true;
      leaveNext();
    });
    await settle();
    expect(hasBegun).toBe(false);
    leave();
    await next;
  });

  it('that is aborted waits for no further turn', async () => {
    const leaves = await allTurns();
    const controller = new AbortController();
    const place = new PlaceInLine(() => undefined, controller.signal);
    const pending = failure(() => place.givenUpDuring(async () => undefined)(chunk));
    await settle();
    controller.abort('why');
    expect(await pending).toMatchObject({ code: 'ABORTED', cause: 'why' });
    place.end();
    for (const leave of leaves) leave();
  });
});
