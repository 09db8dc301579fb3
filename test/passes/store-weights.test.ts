import { describe, expect, it } from 'vitest';
import { storeWeights } from '../../src/passes/store-weights.js';
import { encode, float, graphOf, identity, intAttr, typeAttr } from '../support/graph-def.js';
import { lines, stored } from '../support/stored.js';

/** DataType numbers. */
const [int8, bfloat16, float16] = [6, 14, 19];

const constant = (name: string): object => ({
  name,
  op: 'Const',
  attr: { dtype: typeAttr(float), value: { tensor: { dtype: float } } },
});

function graph(...names: string[]) {
  return graphOf([...names.map((name) => constant(name) as never), identity('read', 'w')]);
}

const asFloat16 = { tensor: stored('w').as({ type: 'float16' }), scaleShape: undefined };

describe('a constant that is stored as float16 or bfloat16', () => {
  it('becomes a small constant and a Cast under its name, in its place', () => {
    const result = storeWeights(graph('before', 'w'), new Map([['w', asFloat16]]));
    expect(lines(result)).toEqual([
      'before = Const()',
      'w/float16 = Const()',
      'w = Cast(w/float16)',
      'read = Identity(w)',
    ]);
    const small = result.byName.get('w/float16');
    expect(small?.attributes.get('value')).toBe(asFloat16.tensor);
    expect(small?.attribute('dtype')).toEqual(encode('AttrValue', { type: float16 }));
    const cast = result.byName.get('w');
    expect([...(cast?.attributes.keys() ?? [])]).toEqual(['SrcT', 'DstT', 'Truncate']);
    expect(cast?.attribute('SrcT')).toEqual(encode('AttrValue', { type: float16 }));
    expect(cast?.attribute('DstT')).toEqual(encode('AttrValue', { type: float }));
    expect(cast?.attribute('Truncate')).toEqual(encode('AttrValue', { b: false }));
  });

  it('says which type', () => {
    const weight = { tensor: stored('w').as({ type: 'bfloat16' }), scaleShape: undefined };
    const result = storeWeights(graph('w'), new Map([['w', weight]]));
    expect(result.byName.get('w')?.inputs).toEqual(['w/bfloat16']);
    expect(result.byName.get('w')?.attribute('SrcT')).toEqual(encode('AttrValue', { type: bfloat16 }));
  });

  it('takes another name where its own is taken', () => {
    const result = storeWeights(graph('w', 'w/float16', 'w/float16_1'), new Map([['w', asFloat16]]));
    expect(result.byName.get('w')?.inputs).toEqual(['w/float16_2']);
  });
});

it('a constant that is stored as int8 is multiplied with its scales, which are constants', () => {
  const scales = Float32Array.of(0.5, 0.25, 2);
  const tensor = stored('w', 0, [2, 3]).as({ type: 'int8', scales, channels: { count: 3, run: 1, block: 6 } });
  const result = storeWeights(graph('w'), new Map([['w', { tensor, scaleShape: [1, 3] }]]));
  expect(lines(result)).toEqual([
    'w/int8 = Const()',
    'w/multiples = Cast(w/int8)',
    'w/scales = Const()',
    'w = Mul(w/multiples, w/scales)',
    'read = Identity(w)',
  ]);
  expect(result.byName.get('w/multiples')?.attribute('SrcT')).toEqual(encode('AttrValue', { type: int8 }));
  expect(result.byName.get('w')?.attribute('T')).toEqual(encode('AttrValue', { type: float }));
  expect(result.byName.get('w/scales')?.attribute('value')).toEqual(
    encode('AttrValue', {
      tensor: {
        dtype: float,
        tensor_shape: { dim: [{ size: 1 }, { size: 3 }] },
        tensor_content: Buffer.from(scales.buffer),
      },
    }),
  );
});

it('other constants, and a graph without such weights, stay as they are', () => {
  const other = graphOf([constant('v') as never, { name: 'n', op: 'NoOp', attr: { keep: intAttr(1) } }]);
  expect(storeWeights(other, new Map())).toBe(other);
  expect(storeWeights(other, new Map([['w', asFloat16]])).nodes).toEqual(other.nodes);
});
