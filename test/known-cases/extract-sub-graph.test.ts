/** What TensorFlow's own graph_util_test.py says of the part of a graph that some nodes need, in our words. */
import { expect, it } from 'vitest';
import type { FreezeOptions } from '../../src/index.js';
import { prune } from '../../src/passes/prune.js';
import { failure } from '../support/failure.js';
import { freeze } from '../support/freeze.js';
import { graphOf, type NodeLiteral } from '../support/graph-def.js';
import { smallModel } from '../support/model.js';

const node = (name: string, ...input: string[]): NodeLiteral => ({ name, op: 'Op', input });
const nodes = [node('n1', 'n5'), node('n2', 'n1:0'), node('n3', '^n2'), node('n4'), node('n5', 'n1')];

it('data and control inputs are followed, in cycles too, and the order stays (testExtractSubGraph)', async () => {
  const { nodes: kept } = prune(graphOf(nodes), ['n3'], () => true);
  expect(kept.map(({ name }) => name)).toEqual(['n1', 'n2', 'n3', 'n5']);
  // A freeze refuses the cycle all the same: only NextIteration may go back, and no session runs anything else.
  const { graph, checkpoint, out } = smallModel(nodes);
  expect((await failure(() => freeze({ graph, checkpoint, outputs: 'n3', out }))).code).toBe('GRAPH_INVALID');
});

it('destinations are names and nothing else (testExtractSubGraphWithInvalidDestNodes)', async () => {
  const { graph, checkpoint, out } = smallModel();
  const frozen = async (outputs: unknown): Promise<readonly string[]> =>
    (await freeze({ graph, checkpoint, outputs, out } as FreezeOptions)).outputs;
  // TensorFlow raises TypeError for a text, which Python would take for a list of letters. Here it is a list of names.
  expect(await frozen('w, y')).toEqual(['w', 'y']);
  expect(await frozen(['y'])).toEqual(['y']);
  expect((await failure(() => frozen({ y: true }))).code).toBe('INVALID_ARGUMENT');
});
