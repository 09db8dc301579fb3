/**
 * What TensorFlow's own graph_util_test.py says of the part of a graph that some nodes need, in our words. The rest of that
 * file is about device functions of Python and about removing training nodes, which a freeze does not do.
 */
import { expect, it } from 'vitest';
import { prune } from '../../src/passes/prune.js';
import { failure } from '../support/failure.js';
import { graphOf } from '../support/graph-def.js';

const node = (name: string, ...input: string[]): { name: string; op: string; input: string[] } => ({
  name,
  op: 'Op',
  input,
});

it('data and control inputs are followed, in loops too, and the order stays (testExtractSubGraph)', () => {
  const graph = graphOf([node('n1', 'n5'), node('n2', 'n1:0'), node('n3', '^n2'), node('n4'), node('n5', 'n1')]);
  expect(prune(graph, ['n3'], () => true).nodes.map(({ name }) => name)).toEqual(['n1', 'n2', 'n3', 'n5']);
});

it('a destination that is not there is refused (testExtractSubGraphWithInvalidDestNodes)', async () => {
  const { code, message } = await failure(() => prune(graphOf([node('n1')]), ['n2'], () => true));
  expect([code, message]).toEqual(['OUTPUT_NOT_FOUND', expect.stringContaining("There is no node 'n2' in the graph")]);
});
