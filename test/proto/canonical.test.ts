// The expected bytes are written by hand, field by field; none come from an encoder.
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/proto/canonical.js';
import type { MessageName } from '../../src/proto/types.js';
import { hex } from '../support/bytes.js';

function canonicalHex(type: MessageName, digits: string): string {
  return Buffer.from(canonical(type, hex(digits))).toString('hex');
}

function expectCanonical(type: MessageName, given: string, wanted: string): void {
  expect(canonicalHex(type, given)).toBe(hex(wanted).toString('hex'));
}

function expectSameArray(type: MessageName, digits: string): void {
  const bytes = hex(digits);
  expect(canonical(type, bytes)).toBe(bytes);
}

describe('bytes that are canonical already come back as the same array', () => {
  it('an empty message', () => expectSameArray('NodeDef', ''));
  it('a node with one attribute', () => expectSameArray('NodeDef', '0a0161 1205436f6e7374 2a07 0a0154 1202 3001'));
  it('oneof members that hold their default', () => {
    for (const member of ['1200', '1800', '2500000000', '2800', '3000', '3a00', '4200', '0a00', '5200', '4a00']) {
      expectSameArray('AttrValue', member);
    }
  });
  it('a negative int32 in ten bytes', () => expectSameArray('VersionDef', '08 ffffffffffffffffff01'));
  it('a negative int64 in ten bytes', () => expectSameArray('AttrValue', '18 ffffffffffffffffff01'));
  it('a signalling NaN', () => expectSameArray('AttrValue', '25 0100a07f'));
  it('packed numbers', () => expectSameArray('VersionDef', '1a03 01 ac02'));
});

describe('fields', () => {
  it('stand in the order of their numbers', () => expectCanonical('NodeDef', '120162 0a0161', '0a0161 120162'));
  it('keep the order of a repeated one', () => {
    expectCanonical('NodeDef', '1a0179 0a0161 1a0178', '0a0161 1a0179 1a0178');
  });
  it('take the last value of a single one', () => expectCanonical('VersionDef', '0801 0802', '0802'));
  it('drop numbers that are 0', () => expectCanonical('VersionDef', '0800 1003', '1003'));
  it('drop empty text', () => expectCanonical('NodeDef', '0a00 120162', '120162'));
  it('keep empty elements of a repeated one', () => expectSameArray('NodeDef', '0a0161 1a00 1a00'));
  it('drop packed ones without elements', () => expectCanonical('VersionDef', '1a00', ''));
  it('pack numbers that came one by one', () => expectCanonical('VersionDef', '1801 1802', '1a020102'));
  it('join numbers that came in both ways', () => expectCanonical('VersionDef', '1a0101 1802 1a0103', '1a03010203'));
  it('pack floats without touching their bits', () => {
    expectCanonical('AttrValue', '4205 2d 0100a07f', '4206 2a04 0100a07f');
  });
});

describe('oneofs', () => {
  it('keep the last member only', () => expectCanonical('AttrValue', '1805 3001', '3001'));
  it('keep the last member where it is a default', () => expectCanonical('AttrValue', '1805 2800', '2800'));
  it('forget what a member held before another took its place', () => {
    expectCanonical('AttrValue', '0a021801 1805 0a021802', '0a03 1a0102');
  });
});

describe('messages in several pieces', () => {
  it('are merged', () => expectCanonical('AttrValue', '3a04 12020801 3a04 12020802', '3a08 12020801 12020802'));
  it('are merged field by field', () => expectCanonical('NodeDef', '3203 0a0161 3203 120162', '3206 0a0161 120162'));
});

describe('varints are as short as they can be', () => {
  it('of tags', () => expectCanonical('NodeDef', '8a00 01 61', '0a0161'));
  it('of lengths', () => expectCanonical('NodeDef', '0a 8100 61', '0a0161'));
  it('of lengths of nested messages', () => expectCanonical('AttrValue', '3a 8400 12020801', '3a04 12020801'));
  it('of values', () => expectCanonical('VersionDef', '08 8100', '0801'));
  it('of packed values', () => expectCanonical('VersionDef', '1a 04 8100 8200', '1a 02 01 02'));
  it('of a bool that is neither 0 nor 1', () => expectCanonical('AttrValue', '2802', '2801'));
  it('but a negative int32 takes ten bytes', () => {
    expectCanonical('VersionDef', '08 ffffffff0f', '08 ffffffffffffffffff01');
  });
  it('but a negative enum takes ten bytes', () => {
    expectCanonical('AttrValue', '30 ffffffff0f', '30 ffffffffffffffffff01');
  });
  it('of an int32 that carries more than 32 bits', () => expectCanonical('VersionDef', '08 8180808010', '0801'));
});

describe('unknown fields', () => {
  it('go to the end, in their own order', () => {
    expectCanonical('VersionDef', 'a00607 0801 a20601ff', '0801 a00607 a20601ff');
  });
  it('of a nested message stay in it', () => {
    expectCanonical('AttrValue', '3a05 a00607 1801', '3a05 1801 a00607');
  });
  it('are known numbers of another wire type, too', () =>
    expectCanonical('VersionDef', '0d01000000 1001', '1001 0d01000000'));
});

it('leaves NaN payloads alone while it rewrites around them', () => {
  expectCanonical('AttrValue', '1801 25 0100a07f', '25 0100a07f');
});

describe('what is no message is refused', () => {
  const refused: Readonly<Record<string, [MessageName, string]>> = {
    'text past the end': ['NodeDef', '0a0561'],
    'a tag without a value': ['VersionDef', '08'],
    'a varint of eleven bytes': ['VersionDef', '08 ffffffffffffffffffff01'],
    'a nested message past its end': ['AttrValue', '3a03 12020801'],
    'packed numbers past their end': ['VersionDef', '1a02 0181'],
    'a group without an end': ['VersionDef', '0b 1001'],
  };
  for (const [what, [type, digits]] of Object.entries(refused)) {
    it(what, () => expect(() => canonical(type, hex(digits))).toThrow());
  }
});

/** A NodeDef whose experimental_type (field 7) holds FullTypeDefs inside each other (field 2). */
function nested(levels: number): Buffer {
  let bytes = Buffer.alloc(0);
  for (let level = levels; level > 0; level--) {
    const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
    bytes = Buffer.concat([Buffer.from([level === 1 ? 0x3a : 0x12, ...length]), bytes]);
  }
  return bytes;
}

describe('nesting', () => {
  it('of 100 messages is taken', () => {
    const bytes = nested(100);
    expect(canonical('NodeDef', bytes)).toBe(bytes);
  });
  it('of 101 messages is refused', () => {
    expect(() => canonical('NodeDef', nested(101))).toThrow('messages nested more than 100 deep');
  });
  it('of 101 messages is refused where something is to be rewritten, too', () => {
    const bytes = Buffer.concat([hex('120162 0a0161'), nested(101)]);
    expect(() => canonical('NodeDef', bytes)).toThrow('messages nested more than 100 deep');
  });
});
