// Constants that say more than they hold, or say it one number at a time.
import { describe } from 'vitest';
import { float, graphDef, int64Type, type NodeLiteral, stringType, typeAttr } from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { message, varint } from '../support/write-bundle.mjs';
import { type Attack, freezing, withstands } from './attack.js';

/** A constant of one dimension; `values` are encoded fields of a TensorProto. */
function constant(type: number, size: number, values: Uint8Array): Buffer {
  const shape = message(2, Buffer.concat([Buffer.from([8]), varint(size)]));
  const tensor = message(8, Buffer.concat([Buffer.from([8, type]), message(2, shape), values]));
  const attribute = (name: string, value: Uint8Array): Buffer =>
    message(5, Buffer.concat([message(1, Buffer.from(name)), message(2, value)]));
  const dtype = attribute('dtype', Buffer.from([0x30, type]));
  return Buffer.concat([
    message(1, Buffer.from('k')),
    message(2, Buffer.from('Const')),
    dtype,
    attribute('value', tensor),
  ]);
}

function withConstant(type: number, size: number, values: Uint8Array, ...more: string[]): Attack {
  const z: NodeLiteral = { name: 'z', op: 'Identity', input: ['k'], attr: { T: typeAttr(type) } };
  const graph = Buffer.concat([graphDef([...smallNodes, z]), message(1, constant(type, size, values))]);
  const { files, args } = freezing(graph, ...more);
  return { files, args: args.map((each) => (each === 'y' ? 'y,z' : each)) };
}

const many = 470_000;
const [float64, int8] = [2, 6];
const tfjs = ['--layout', 'tfjs'];
const placed = ['--place', 'npu:0,cpu', '--device-constants', 'copies,dtypes'];

describe('a constant of', () => {
  withstands({
    'eight million strings, none of which is there, for TensorFlow.js': [
      undefined,
      () => withConstant(stringType, 8_000_000, Buffer.alloc(0), ...tfjs),
    ],
    'eight million integers of 64 bits that are one, for TensorFlow.js': [
      undefined,
      () => withConstant(int64Type, 8_000_000, Buffer.from([0x50, 1]), ...tfjs),
    ],
    'eight million floats of 64 bits that are one, for TensorFlow.js': [
      undefined,
      () => withConstant(float64, 8_000_000, Buffer.from([0x31, 0, 0, 0, 0, 0, 0, 0, 64]), ...tfjs),
    ],
    '60 million integers of 8 bits that are one, for TensorFlow.js': [
      'LIMIT_EXCEEDED',
      () => withConstant(int8, 60_000_000, Buffer.from([0x38, 1]), ...tfjs),
    ],
    '470,000 integers, each of which stands alone': [
      undefined,
      () => withConstant(int64Type, many, Buffer.alloc(2 * many, Buffer.from([0x50, 1]))),
    ],
    '470,000 strings that are empty, on devices': [
      undefined,
      () => withConstant(stringType, many, Buffer.alloc(2 * many, Buffer.from([0x42, 0])), ...placed),
    ],
    '230,000 floats, on devices': [
      undefined,
      () => withConstant(float, 230_000, message(4, Buffer.alloc(4 * 230_000)), ...placed),
    ],
  });
});
