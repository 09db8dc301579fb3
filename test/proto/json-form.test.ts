import { describe, expect, it } from 'vitest';
import { jsonForm } from '../../src/proto/json-form.js';
import { messageType } from '../../src/proto/types.js';

/** A NodeDef with an attribute of every kind, as TensorFlow 2.21's Python serialised it. */
const node = Buffer.from(
  [
    '0a016e12024f701a01611a045e623a312a070a0154120230012a120a03626967120b18808080808080808080012a0f0a0562',
    '7974657312061204ff0061622a090a05656d70747912002a0c0a036570731205256f12833a2a160a06666c6f617473120c0a',
    '0a2208cdcccc3d000000402a1b0a0466756e63121352110a0166120c0a0354696e12050a0332010a2a0c0a03696e66120525',
    '000080ff2a170a04696e7473120f0a0d1a0b01feffffffffffffffff012a0e0a056c61726765120525ffff7f7f2a0a0a046c',
    '69737412020a002a0c0a036e616e1205250000c07f2a0a0a046e6f6e65120230002a080a026e6f120228002a090a036f6464',
    '120230632a120a0b706c616365686f6c64657212034a01542a0c0a067363616c617212023a002a0e0a05736576656e120525',
    '0000804b2a210a05736861706512183a16120b08ffffffffffffffffff011200120508031201642a260a0674656e736f7212',
    '1c421a080212041202080232109a9999999999b93f9c7500883ce4377e2a0a0a0474657874120212002a0e0a057468697264',
    '120525abaaaa3e2a0d0a0474696e79120525010000002a0f0a05747970657312060a043202096b2a0f0a07756e6b6e6f776e',
    '12043a0218012a0a0a047a65726f1202180032050a03776173',
  ].join(''),
  'hex',
);

/** What Python's `MessageToDict` made of it. */
const expected = {
  name: 'n',
  op: 'Op',
  input: ['a', '^b:1'],
  attr: {
    big: { i: '-9223372036854775808' },
    floats: { list: { f: [0.1, 2.0] } },
    unknown: { shape: { unknownRank: true } },
    bytes: { s: '/wBhYg==' },
    inf: { f: '-Infinity' },
    no: { b: false },
    placeholder: { placeholder: 'T' },
    odd: { type: 99 },
    eps: { f: 0.001 },
    empty: {},
    zero: { i: '0' },
    large: { f: 3.4028235e38 },
    third: { f: 0.33333334 },
    types: { list: { type: ['DT_INT64', 'DT_STRING_REF'] } },
    scalar: { shape: {} },
    seven: { f: 16777216.0 },
    tensor: { tensor: { dtype: 'DT_DOUBLE', tensorShape: { dim: [{ size: '2' }] }, doubleVal: [0.1, 1e300] } },
    text: { s: '' },
    list: { list: {} },
    none: { type: 'DT_INVALID' },
    tiny: { f: 1.4013e-45 },
    nan: { f: 'NaN' },
    shape: { shape: { dim: [{ size: '-1' }, {}, { size: '3', name: 'd' }] } },
    T: { type: 'DT_FLOAT' },
    func: { func: { name: 'f', attr: { Tin: { list: { type: ['DT_BOOL'] } } } } },
    ints: { list: { i: ['1', '-2'] } },
  },
  experimentalDebugInfo: { originalNodeNames: ['was'] },
};

describe('the JSON form', () => {
  it('is what Python gives', () => {
    expect(JSON.parse(JSON.stringify(jsonForm(messageType('NodeDef'), node)))).toEqual(expected);
  });
  it('keeps a map entry that is called like a property of all objects', () => {
    const type = messageType('NodeDef');
    const bytes = type.encode({ attr: Object.fromEntries([['constructor', { i: 1 }]]) }).finish();
    expect(JSON.stringify(jsonForm(type, bytes))).toBe('{"attr":{"constructor":{"i":"1"}}}');
  });
  it('refuses what is no message', () => {
    expect(() => jsonForm(messageType('NodeDef'), Buffer.from('0a05', 'hex'))).toThrow(RangeError);
  });
});
