import { expect, it } from 'vitest';
import type { GraphFunction } from '../../../src/graph/function.js';
import { forgetShapes } from '../../../src/passes/retyping/function-shapes.js';
import { hex } from '../../support/bytes.js';
import { failure } from '../../support/failure.js';
import { libraryOf } from '../../support/functions.js';
import { encode, float, graphOf } from '../../support/graph-def.js';

function functionWith(inputShapes: Uint8Array): GraphFunction {
  const body = { inputs: { x: float, v: float }, outputs: {}, nodes: [], returns: {} };
  const [made] = graphOf([], { library: libraryOf({ f: body }) }).library.functions as [GraphFunction];
  return made.edit({ attributes: new Map([['_input_shapes', inputShapes]]) });
}

it('the shape of an argument that changed is unknown, and the others stay', () => {
  const shapes = [{ dim: [{ size: 2 }] }, { dim: [] }];
  const given = functionWith(encode('AttrValue', { list: { shape: shapes } }));
  const expected = encode('AttrValue', { list: { shape: [shapes[0], { unknown_rank: true }] } });
  expect(Buffer.from(forgetShapes(given, [1], false).attributes.get('_input_shapes') ?? [])).toEqual(
    Buffer.from(expected),
  );
});

it('shapes that cannot be decoded are refused', async () => {
  // A field with the number 0.
  const { code, message } = await failure(() => forgetShapes(functionWith(hex('00')), [1], false));
  expect([code, message]).toEqual([
    'GRAPH_MALFORMED',
    expect.stringMatching(/^What the function 'f' says of its arguments' shapes cannot be decoded: /),
  ]);
});
