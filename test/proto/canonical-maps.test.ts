// Map order as TensorFlow 2.21's protobuf runtime writes it; the bytes are written by hand.
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/proto/canonical.js';
import type { MessageName } from '../../src/proto/types.js';
import { hex } from '../support/bytes.js';

function expectCanonical(type: MessageName, given: string, wanted: string): void {
  expect(Buffer.from(canonical(type, hex(given))).toString('hex')).toBe(hex(wanted).toString('hex'));
}

/** An attr entry of a NodeDef: the key, and DT_FLOAT. */
function attr(key: string): string {
  const bytes = Buffer.from(key);
  const length = (size: number): string => size.toString(16).padStart(2, '0');
  return `2a${length(bytes.length + 6)} 0a${length(bytes.length)}${bytes.toString('hex')} 1202 3001`;
}

describe('text keys', () => {
  it('put Tshape before T, which is the start of it', () => {
    expectCanonical('NodeDef', `${attr('T')} ${attr('Tshape')}`, `${attr('Tshape')} ${attr('T')}`);
    const sorted = hex(`${attr('Tshape')} ${attr('T')}`);
    expect(canonical('NodeDef', sorted)).toBe(sorted);
  });
  it('are sorted by their bytes, not as words', () => {
    const sorted = ['N', 'T', '_class', 'a', 'dtype', 'value', '\u00e9'].map(attr);
    expectCanonical('NodeDef', [...sorted].reverse().join(' '), sorted.join(' '));
  });
  it('put the empty key last', () => {
    expectCanonical('NodeDef', `${attr('')} ${attr('a')}`, `${attr('a')} ${attr('')}`);
  });
});

it('numeric keys stand in descending order', () => {
  const entries = ['3a05 08ac02 1200', '3a05 088001 1200', '3a04 087f 1200', '3a04 0805 1200', '3a04 0802 1200'];
  const sorted = [...entries, '3a04 0801 1200', '3a04 0800 1200'];
  expectCanonical('FunctionDefLibrary', `0a2c ${[...sorted].reverse().join(' ')}`, `0a2c ${sorted.join(' ')}`);
  expectCanonical('FunctionDefLibrary', `0a2c ${sorted.join(' ')}`, `0a2c ${sorted.join(' ')}`);
});

describe('entries', () => {
  it('of one key: the last counts', () => {
    expectCanonical('NodeDef', '2a07 0a0154 12023001 2a07 0a0154 12023003', '2a07 0a0154 12023003');
  });
  it('have the key before the value', () => {
    expectCanonical('NodeDef', '2a07 12023001 0a0154', '2a07 0a0154 12023001');
  });
  it('without a value get an empty one', () => expectCanonical('NodeDef', '2a03 0a0154', '2a05 0a0154 1200'));
  it('without a key get an empty one', () => expectCanonical('NodeDef', '2a04 12023001', '2a06 0a00 12023001'));
  it('that are empty get both', () => expectCanonical('NodeDef', '2a00', '2a04 0a00 1200'));
  it('have their values rewritten', () => {
    expectCanonical('NodeDef', '2a08 0a0154 1203 308100', '2a07 0a0154 12023001');
  });
});
