// Text as TensorFlow and people write it, against binary messages written by hand.
import { describe, expect, it } from 'vitest';
import { textToBinary } from '../../src/proto/text-format.js';
import { hex } from '../support/bytes.js';
import { failure } from '../support/failure.js';

async function expectAttr(text: string, digits: string): Promise<void> {
  const bytes = await textToBinary('AttrValue', text, 'test');
  expect(Buffer.from(bytes).toString('hex')).toBe(hex(digits).toString('hex'));
}

describe('strings', () => {
  it('may have either kind of quote', async () => {
    await expectAttr(`s: "it's"`, '1204 69742773');
    await expectAttr(`s: 'a"b'`, '1203 612262');
  });
  it('may come in pieces', () => expectAttr(`s: "ab" 'cd'\n  "ef"`, '1206 616263646566'));
  it('may have octal escapes', () => expectAttr('s: "\\000\\0012\\377\\200?"', '1206 00 01 32 ff 80 3f'));
  it('may have hexadecimal escapes', () => expectAttr('s: "\\x00\\xff\\x7F"', '1203 00ff7f'));
  it('may have the escapes of C', async () => {
    await expectAttr('s: "\\a\\b\\f\\n\\r\\t\\v\\\\\\\'\\""', '120a 07 08 0c 0a 0d 09 0b 5c 27 22');
  });
  it('may be UTF-8', () => expectAttr('s: "\u00e9"', '1202 c3a9'));
  it('may be empty', () => expectAttr('s: ""', '1200'));
});

describe('numbers', () => {
  it('may be negative', () => expectAttr('i: -1', '18 ffffffffffffffffff01'));
  it('may be the least and the largest int64', async () => {
    await expectAttr('i: -9223372036854775808', '18 80808080808080808001');
    await expectAttr('i: 9223372036854775807', '18 ffffffffffffffff7f');
  });
  it('may be hexadecimal or octal', async () => {
    await expectAttr('i: 0x10', '1810');
    await expectAttr('i: 010', '1808');
  });
  it('that are floats are rounded to the nearest', () => expectAttr('f: 0.1', '25 cdcccc3d'));
  it('that are floats may have an exponent or an f', async () => {
    await expectAttr('f: 1e-3', '25 6f12833a');
    await expectAttr('f: 1.5f', '25 0000c03f');
    await expectAttr('f: -0', '25 00000080');
  });
  it('that are floats may be infinite or none', async () => {
    await expectAttr('f: inf', '25 0000807f');
    await expectAttr('f: -inf', '25 000080ff');
    await expectAttr('f: nan', '25 0000c07f');
  });
  it('may stand for true and false, as their words may', () => {
    for (const yes of ['true', '1', 't', 'True']) expectAttr(`b: ${yes}`, '2801');
    for (const no of ['false', '0', 'f', 'False']) expectAttr(`b: ${no}`, '2800');
  });
});

describe('enums', () => {
  it('go by their names', () => expectAttr('type: DT_FLOAT', '3001'));
  it('go by their numbers', () => expectAttr('type: 1', '3001'));
  it('may be references', () => expectAttr('type: DT_FLOAT_REF', '3065'));
});

describe('messages', () => {
  it('may have braces or angle brackets', async () => {
    await expectAttr('shape { dim { size: 2 } }', '3a04 12020802');
    await expectAttr('shape < dim < size: 2 > >', '3a04 12020802');
  });
  it('may have a colon and separators', () =>
    expectAttr('shape: { dim: { size: 2 }, dim: { size: 3 }; }', '3a08 12020802 12020803'));
  it('may hold lists', () => expectAttr('list { i: [1, 2, 3] }', '0a05 1a03 010203'));
  it('may hold lists of messages', () =>
    expectAttr('shape { dim [{ size: 2 }, { size: 3 }] }', '3a08 12020802 12020803'));
  it('may have comments', () => expectAttr('# first\ni: 1 # last\n#', '1801'));
  it('may hold tensors', async () => {
    const text = 'tensor { dtype: DT_FLOAT tensor_shape { dim { size: 1 } } tensor_content: "\\000\\000\\200?" }';
    await expectAttr(text, '420e 0801 1204 12020801 2204 0000803f');
  });
});

it('maps are entries of key and value', async () => {
  const text = 'name: "n" op: "Op" attr { key: "T" value { type: DT_INT32 } } attr { key: "N" value { i: 2 } }';
  const bytes = Buffer.from(await textToBinary('NodeDef', text, 'test')).toString('hex');
  expect(bytes).toContain('2a070a015412023003');
  expect(bytes).toContain('2a070a014e12021802');
});

it('two members of one oneof are refused', async () => {
  expect((await failure(() => textToBinary('AttrValue', 'i: 1 f: 0', 'graph.pbtxt'))).code).toBe('GRAPH_MALFORMED');
});

it('a fault is told with its place', async () => {
  const error = await failure(() => textToBinary('NodeDef', 'name: "n"\nop: 7\n', 'graph.pbtxt'));
  expect(error.code).toBe('GRAPH_MALFORMED');
  expect(error.message).toMatch(/^graph\.pbtxt is not a valid NodeDef in protobuf's text format: .*\b2\b/);
});
