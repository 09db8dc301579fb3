import { expect, it } from 'vitest';
import type { Change } from '../../../src/inference/change.js';
import { inEveryScope } from '../../../src/inference/every-scope.js';
import { passThrough } from '../../../src/inference/training-ops/pass-through.js';
import { call, libraryOf } from '../../support/functions.js';
import { float, floatNode, graphOf, handleVariable, placeholder, resource, typeAttr } from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';

it('ops that hand their input on are identities, in functions too; what no output needs stays', () => {
  const f = {
    inputs: { x: float },
    outputs: { y: float },
    nodes: [floatNode('StopGradient', 's', 'x')],
    returns: { y: 's:output:0' },
  };
  const graph = graphOf(
    [
      placeholder('x'),
      floatNode('CheckNumerics', 'c', 'x'),
      call('y', ['c'], 'f', [float]),
      floatNode('StopGradient', 'z', 'y'),
    ],
    { library: libraryOf({ f }) },
  );
  const changes: Change[] = [];
  const inference = inEveryScope(graph, ['y'], passThrough, changes);
  expect(lines(inference)).toEqual([
    'x = Placeholder()',
    'c = Identity(x)',
    'y = PartitionedCall(c)',
    'z = StopGradient(y)',
  ]);
  expect(inference.library.functions[0]?.nodes[0]?.op).toBe('Identity');
  expect(changes.map(({ node, functionName }) => [node, functionName])).toEqual([
    ['c', undefined],
    ['s', 'f'],
  ]);
});

it('a function that does not list what it runs keeps what acts, and nothing else that is idle', () => {
  const f = {
    inputs: { x: float, h: resource },
    outputs: { y: float },
    nodes: [
      floatNode('StopGradient', 's', 'x'),
      floatNode('Neg', 'value', 'x'),
      floatNode('Exp', 'idle', 'x'),
      { name: 'write', op: 'AssignVariableOp', input: ['h', 'value:y:0'], attr: { dtype: typeAttr(float) } },
    ],
    returns: { y: 's:output:0' },
  };
  const nodes = [placeholder('x'), handleVariable('h', float), { name: 'y', op: 'f', input: ['x', 'h'] }];
  const [after] = inEveryScope(graphOf(nodes, { library: libraryOf({ f }) }), ['y'], passThrough, []).library.functions;
  expect(after?.nodes.map(({ name, op }) => [name, op])).toEqual([
    ['s', 'Identity'],
    ['value', 'Neg'],
    ['write', 'AssignVariableOp'],
  ]);
});
