import { describe, expect, it } from 'vitest';
import { noInference } from '../../../src/inference/inference-settings.js';
import { toInference } from '../../../src/inference/to-inference.js';
import { floatNode, graphOf, int64Type, type NodeLiteral, placeholder, typeAttr } from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';
import { compare, constant, drawn } from './nodes.js';

const gather = (name: string, data: string, type: number): NodeLiteral => ({
  name,
  op: 'GatherV2',
  input: [data, 'rows', 'axis'],
  attr: { Tparams: typeAttr(type) },
});

/** `sparse_retain` by a mask that keeps half, of indices `i` and values `x`, and what follows. */
function rewritten(...nodes: NodeLiteral[]): readonly string[] {
  const { graph } = toInference(
    graphOf([
      placeholder('i', int64Type),
      placeholder('x'),
      placeholder('s', int64Type),
      placeholder('d'),
      drawn('RandomUniform', 'u'),
      constant('rate', 0.5),
      compare('GreaterEqual', 'm', 'u', 'rate'),
      { name: 'where', op: 'Where', input: ['m'], attr: { T: typeAttr(10) } },
      { name: 'rows', op: 'Reshape', input: ['where', 'flat'], attr: { T: typeAttr(int64Type) } },
      constant('flat', -1),
      constant('axis', 0),
      constant('two', 2),
      gather('indices', 'i', int64Type),
      gather('values', 'x', 1),
      floatNode('SparseTensorDenseMatMul', 'y', 'indices', 'scaled', 's', 'd'),
      ...nodes,
    ]),
    ['y'],
    { ...noInference, rewrites: new Set(['dropout']) },
  );
  return lines(graph);
}

describe('dropout of a sparse tensor', () => {
  const after = ['indices = Identity(i)', 'scaled = Identity(x)'];
  it('hands on all indices and values: the tensor is scaled', () => {
    const scaled = floatNode('SparseDenseCwiseMul', 'scaled', 'indices', 'values', 's', 'two');
    expect(rewritten(scaled)).toEqual(expect.arrayContaining(after));
  });
  it('hands on all indices and values: the values are scaled', () => {
    expect(rewritten(floatNode('Mul', 'scaled', 'two', 'values'))).toEqual(expect.arrayContaining(after));
  });
  it('stays where nothing makes up for it, or other values are picked by the same rows', () => {
    const kept = 'indices = GatherV2(i, rows, axis)';
    expect(rewritten(floatNode('Relu', 'scaled', 'values'))).toContain(kept);
    const others = [gather('others', 'd', 1), floatNode('AddV2', 'scaled', 'half', 'others')];
    expect(rewritten(floatNode('Mul', 'half', 'two', 'values'), ...others)).toContain(kept);
  });
});
