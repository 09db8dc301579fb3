import { describe, expect, it } from 'vitest';
import { sliceInfos } from '../../src/io/slice-infos.js';
import { type CollectionDef, messageType } from '../../src/proto/types.js';

/** Collections with these encoded VariableDefs. */
function collections(...value: Uint8Array[]): ReadonlyMap<string, CollectionDef> {
  return new Map([['variables', { bytes_list: { value } }]]);
}

const variableDef = (variable: object): Uint8Array => messageType('VariableDef').encode(variable).finish();

describe('the slices of a MetaGraphDef', () => {
  it('are those of its variables that are parts', () => {
    const slice = { full_name: 'emb', full_shape: [6, 3], var_offset: [4, 0], var_shape: [2, 3] };
    const variables = [{ variable_name: 'w:0' }, { variable_name: 'emb/part_1:0', save_slice_info_def: slice }];
    expect([...sliceInfos(collections(...variables.map(variableDef)))]).toEqual([
      [
        'emb/part_1',
        {
          key: 'emb',
          fullShape: [6, 3],
          region: [
            { start: 4, length: 2 },
            { start: 0, length: 3 },
          ],
        },
      ],
    ]);
  });
  it('are none without collections', () => {
    expect(sliceInfos(new Map()).size).toBe(0);
  });
  it('are refused where a variable is none', () => {
    expect(() => sliceInfos(collections(Buffer.from('0a05', 'hex')))).toThrow(RangeError);
  });
});
