import { describe, expect, it } from 'vitest';
import { WriteGate } from '../../../src/api/aside/write-gate.js';

describe('the gate before the write', () => {
  /** The two threads have an object each, of one memory. */
  function gates(): { caller: WriteGate; worker: WriteGate } {
    const caller = new WriteGate();
    return { caller, worker: new WriteGate(caller.memory) };
  }

  it('lets the worker pass, and is not closed behind it', () => {
    const { caller, worker } = gates();
    expect([worker.pass(), caller.close(), caller.close()]).toEqual([true, false, false]);
  });
  it('stays closed', () => {
    const { caller, worker } = gates();
    expect([caller.close(), worker.pass(), caller.close(), worker.pass()]).toEqual([true, false, true, false]);
  });
});
