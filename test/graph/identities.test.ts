import { expect, it } from 'vitest';
import { bodyNotation, graphNotation } from '../../src/graph/edges.js';
import type { GraphFunction } from '../../src/graph/function.js';
import { pastIdentities, throughIdentities } from '../../src/graph/identities.js';
import { libraryOf } from '../support/functions.js';
import { float, floatNode, graphOf, identity, placeholder } from '../support/graph-def.js';

it('goes past all of a chain, to the output that the first one reads', () => {
  const graph = graphOf([placeholder('x'), floatNode('Split', 's', 'x'), identity('a', 's:1'), identity('b', 'a')]);
  expect(pastIdentities(graph, 'b', graphNotation)).toEqual({ node: 's', port: 1 });
  expect(throughIdentities(graph, 'b')).toEqual({ node: graph.byName.get('s'), port: 1 });
});

it('stays at an Identity that hands nothing on, and finds no node where there is none', () => {
  const graph = graphOf([placeholder('x'), { name: 'a', op: 'Identity', input: ['^x'] }, identity('b', 'gone')]);
  expect(throughIdentities(graph, 'a')?.node.name).toBe('a');
  expect(throughIdentities(graph, 'b')).toBeUndefined();
});

it('comes to an end in a circle', () => {
  expect(throughIdentities(graphOf([identity('a', 'b'), identity('b', 'a')]), 'a')).toBeUndefined();
});

it('comes to the argument of a function', () => {
  const nodes = [identity('a', 'x'), identity('b', 'a:output:0')];
  const f = { inputs: { x: float }, outputs: { y: float }, nodes, returns: { y: 'b:output:0' } };
  const { library } = graphOf([], { library: libraryOf({ f }) });
  const body = library.byName.get('f') as GraphFunction;
  expect(pastIdentities(body, 'b:output:0', bodyNotation)).toEqual({ node: 'x', port: 0 });
});
