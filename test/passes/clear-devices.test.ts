import { expect, it } from 'vitest';
import { clearDevices } from '../../src/passes/clear-devices.js';
import { graphOf } from '../support/graph-def.js';

it('takes the device off every node', () => {
  const graph = graphOf([
    { name: 'a', op: 'NoOp', device: '/gpu:0' },
    { name: 'b', op: 'NoOp', device: '/cpu:0' },
  ]);
  expect(clearDevices(graph).nodes.map(({ device }) => device)).toEqual(['', '']);
});

it('leaves nodes without a device as they are', () => {
  const graph = graphOf([{ name: 'a', op: 'NoOp' }]);
  expect(clearDevices(graph).nodes[0]).toBe(graph.nodes[0]);
});

it('leaves the functions and the versions as they are', () => {
  const node_def = [{ name: 'inner', op: 'NoOp', device: '/gpu:0' }];
  const graph = graphOf([{ name: 'a', op: 'NoOp', device: '/gpu:0' }], {
    library: { function: [{ signature: { name: 'f' }, node_def }] },
    versions: { producer: 2474 },
  });
  const cleared = clearDevices(graph);
  expect([cleared.library, cleared.versions]).toEqual([graph.library, graph.versions]);
  expect(Buffer.from(cleared.library.encode()).includes('/gpu:0')).toBe(true);
});
