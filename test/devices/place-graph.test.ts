/** What placing leaves of a graph as it was. */
import { expect, it } from 'vitest';
import { DeviceList } from '../../src/devices/device-list.js';
import { placeGraph } from '../../src/devices/place-graph.js';
import type { Graph } from '../../src/graph/graph.js';
import { call, libraryOf } from '../support/functions.js';
import { float, floatNode, graphOf, placeholder } from '../support/graph-def.js';

const functionOn = (device: string): Parameters<typeof libraryOf>[0][string] => ({
  inputs: { a: float },
  outputs: { r: float },
  nodes: [{ ...floatNode('MatMul', 'n', 'a', 'a'), device }],
  returns: { r: 'n:product:0' },
});

const graph = graphOf([placeholder('x'), call('y', ['x'], 'there', [float]), call('z', ['x'], 'elsewhere', [float])], {
  library: libraryOf({ there: functionOn('/device:CPU:0'), elsewhere: functionOn('/device:GPU:7') }),
});

async function placedOn(...preference: { target: string; index: number }[]): Promise<Graph> {
  const placing = { devices: new DeviceList(preference), rules: undefined, keeps: preference.length === 0 };
  return (await placeGraph(graph, placing)).graph;
}

it('a function whose nodes are where they go is written as it was read', async () => {
  const { library } = await placedOn({ target: 'cpu', index: 0 });
  expect(library.functions.map((each) => each === graph.library.byName.get(each.name))).toEqual([true, false]);
  expect(library.byName.get('elsewhere')?.nodes[0]?.device).toBe('/device:CPU:0');
});

it('so is a library of which nothing changes', async () => {
  expect((await placedOn()).library).toBe(graph.library);
});
