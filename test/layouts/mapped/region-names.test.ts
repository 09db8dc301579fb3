import { describe, expect, it } from 'vitest';
import { regionNames, sanitised } from '../../../src/layouts/mapped/region-names.js';

describe('what no region of a package may be called by', () => {
  // ConvertVariableNameToUniqueRegionName of TensorFlow goes through the bytes of a name.
  const cases: readonly [name: string, region: string][] = [
    ['layer_0/kernel', 'layer_0_kernel'],
    ['A.b-c>d e\\f', 'A.b_c_d_e_f'],
    ['ä', '__'],
    ['日本/w', '_______w'],
    ['..', '..'],
  ];
  for (const [name, region] of cases) it(`${name} is ${region}`, () => expect(sanitised(name)).toBe(region));
});

describe('nodes that would have one name', () => {
  const count = (wanted: string, number: number): string => `${wanted}_${number}`;

  it('are numbered, past names that others have', () => {
    const nameOf = regionNames({ wanted: sanitised, again: count, identity: (name) => name });
    expect(['a/b', 'a_b', 'a_b_2', 'a-b', 'a b', 'A_b'].map(nameOf)).toEqual([
      ...['a_b', 'a_b_2', 'a_b_2_2', 'a_b_3', 'a_b_4', 'A_b'],
    ]);
  });
  it('may be those that differ in case', () => {
    const nameOf = regionNames({ wanted: sanitised, again: count, identity: (name) => name.toLowerCase() });
    expect(['w', 'W', 'w_2'].map(nameOf)).toEqual(['w', 'W_2', 'w_2_2']);
  });
  it('may be one that is reserved', () => {
    const again = (wanted: string, number: number): string => wanted + '_'.repeat(number - 1);
    const nameOf = regionNames({ wanted: sanitised, again, identity: (name) => name, reserved: ['.'] });
    expect(['.', '..', '/', '._'].map(nameOf)).toEqual(['._', '..', '_', '.__']);
  });
  it('are told apart quickly, however many', () => {
    const nameOf = regionNames({ wanted: () => 'w', again: count, identity: (name) => name });
    const names = Array.from({ length: 50_000 }, (_, index) => nameOf(String(index)));
    expect(new Set(names).size).toBe(50_000);
    expect(names.at(-1)).toBe('w_50000');
  });
});
