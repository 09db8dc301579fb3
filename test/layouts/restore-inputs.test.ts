import { describe, expect, it } from 'vitest';
import { readAttribute, readType } from '../../src/graph/attributes.js';
import type { Graph } from '../../src/graph/graph.js';
import { decodeMetaGraph } from '../../src/io/meta-graph.js';
import { restoreInputs } from '../../src/layouts/restore-inputs.js';
import { boolType, encode, graphOf, identity, placeholder } from '../support/graph-def.js';
import { metaGraph, tensorInfo } from '../support/saved-model.js';

const graph: Graph = graphOf([placeholder('x'), identity('y', 'x')]);

/** With a signature from `inputs` to `outputs`. */
function restored(inputs: object, outputs: object = { y: tensorInfo('y:0') }): Graph {
  const bytes = encode('MetaGraphDef', metaGraph({ signature_def: { s: { inputs, outputs } } }));
  return restoreInputs(graph, decodeMetaGraph(bytes, 'test').signatures);
}

const names = ({ nodes }: Graph): string[] => nodes.map(({ name }) => name);

describe('an input that is gone comes back behind all nodes', () => {
  it('as a placeholder of its type and shape', () => {
    const back = restored({ x: tensorInfo('x:0'), a: tensorInfo('scope/a:0', boolType, -1, 3) });
    expect(names(back)).toEqual(['x', 'y', 'scope/a']);
    const node = back.nodes[2];
    expect([node?.op, node && readType(node, 'dtype')]).toEqual(['Placeholder', boolType]);
    const sizes = node && readAttribute(node, 'shape')?.shape?.dim?.map(({ size }) => size?.toNumber());
    expect(sizes).toEqual([-1, 3]);
  });
  it('of an open rank', () => {
    const node = restored({ a: { name: 'a:0', dtype: 1, tensor_shape: { unknown_rank: true } } }).nodes[2];
    expect(node && readAttribute(node, 'shape')?.shape?.unknown_rank).toBe(true);
  });
  it('once, and in all its parts', () => {
    const sparse = { values_tensor_name: 'v:0', indices_tensor_name: 'i:0', dense_shape_tensor_name: 's:0' };
    const inputs = { a: { coo_sparse: sparse, dtype: 1 }, b: tensorInfo('v:0') };
    expect(names(restored(inputs))).toEqual(['x', 'y', 'v', 'i', 's']);
  });
});

describe('nothing comes back', () => {
  it('that is there', () => expect(restored({ x: tensorInfo('x:0') })).toBe(graph));
  it('for a signature whose outputs are gone', () => {
    expect(restored({ a: tensorInfo('a:0') }, { y: tensorInfo('y:0'), z: tensorInfo('z:0') })).toBe(graph);
  });
  it('for a signature without outputs', () => expect(restored({ a: tensorInfo('a:0') }, {})).toBe(graph));
  it('that was not the first output of a node', () => expect(restored({ a: tensorInfo('a:1') })).toBe(graph));
  it('that has no name', () => expect(restored({ a: tensorInfo('') })).toBe(graph));
});
