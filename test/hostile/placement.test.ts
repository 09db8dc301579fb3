// Handles that very many nodes take, or say that they take: what takes a handle is where the handle is.
import { describe } from 'vitest';
import { libraryOf } from '../support/functions.js';
import { float, graphDef, intAttr, type NodeLiteral, resource, stringType, typeAttr } from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { type Attack, freezing, withstands } from './attack.js';
import { repeated } from './nodes.js';

function placed(nodes: readonly NodeLiteral[], more: object = {}): Attack {
  const y = { name: 'y', op: 'AddN', input: ['x', 'w/read', ...nodes.map(({ name }) => name)] };
  return freezing(graphDef([...smallNodes.slice(0, 3), ...nodes, y], more), '--place', 'gpu:0,cpu');
}

describe('placement of', () => {
  withstands({
    '12,000 nodes that say that they take 65,000 handles, and take one': [
      undefined,
      () => {
        const attr = { N: intAttr(65_000), T: typeAttr(resource) };
        return placed(repeated(12_000, (at) => ({ name: `n${at}`, op: 'Pack', input: ['x'], attr })));
      },
    ],
    '9,000 nodes of as many kinds, each of tens of thousands of outputs': [
      'LIMIT_EXCEEDED',
      () =>
        placed(
          repeated(9_000, (at) => {
            const attr = { num: intAttr(50_000 + at), T: typeAttr(float) };
            return { name: `n${at}`, op: 'Unpack', input: ['x'], attr };
          }),
        ),
    ],
    '15,000 nodes of a function with the longest name there may be, as a picture': [
      undefined,
      () => {
        const name = 'F'.repeat(16_000);
        const nodes = repeated(15_000, (at) => ({ name: `q${at}`, op: `Bar${at}` }));
        const function_ = { inputs: {}, outputs: { r: float }, nodes, returns: { r: 'q0:o:0' } };
        const attack = placed([{ name: 'c', op: name }], { library: libraryOf({ [name]: function_ }) });
        return { ...attack, args: [...attack.args, '--dot', 'picture.dot'] };
      },
    ],
    '5,000 ops of a function with the longest name there may be, in a report': [
      undefined,
      () => {
        const name = 'F'.repeat(16_000);
        const nodes = repeated(5_000, (at) => ({ name: `q${at}`, op: `Bar${at}` }));
        const function_ = { inputs: {}, outputs: { r: float }, nodes, returns: { r: 'q0:o:0' } };
        const attack = placed([{ name: 'c', op: name }], { library: libraryOf({ [name]: function_ }) });
        return { ...attack, args: [...attack.args, '--json'] };
      },
    ],
    '12,000 calls with a handle that 12,000 nodes take': [
      undefined,
      () => {
        const attr = { key_dtype: typeAttr(stringType), value_dtype: typeAttr(float) };
        const f = {
          inputs: { a: resource },
          outputs: { r: float },
          nodes: repeated(12_000, (at) => ({ name: `q${at}`, op: 'Bar', input: ['a'] })),
          returns: { r: 'q0:value:0' },
        };
        const calls = repeated(12_000, (at) => ({ name: `c${at}`, op: 'f', input: ['t'] }));
        return placed([{ name: 't', op: 'HashTableV2', attr }, ...calls], { library: libraryOf({ f }) });
      },
    ],
  });
});
