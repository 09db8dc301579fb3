import { expect, it } from 'vitest';
import { upstream } from '../../src/graph/upstream.js';
import { UpstreamLanes } from '../../src/graph/upstream-lanes.js';
import { graphOf, type NodeLiteral } from '../support/graph-def.js';

const node = (op: string, name: string, ...input: string[]): NodeLiteral => ({ name, op, input });

/** Two loops, one of which ends with what the other gives, and what is before, between and behind. */
const graph = graphOf([
  node('NextIteration', 'n1', 'behind'),
  node('Merge', 'm1', 'first', 'n1'),
  node('Placeholder', 'first'),
  node('Placeholder', 'other'),
  node('Neg', 'behind', 'm2', '^other'),
  node('Merge', 'm2', 'm1:1', 'n2'),
  node('NextIteration', 'n2', 'late'),
  node('Neg', 'late', 'third', 'm1'),
  node('Placeholder', 'third'),
  node('Neg', 'alone', 'gone'),
]);

it('each bit says what one walk alone would', () => {
  const all = graph.nodes.map(({ name }) => name);
  const sets = [...all.map((name) => [name]), [], ['first', 'alone'], ['gone', 'm1']];
  const lanes = new UpstreamLanes(graph).of(sets.map((names) => names.map((name) => graph.wiring.positionOf(name))));
  for (const [lane, names] of sets.entries()) {
    const needed = all.filter((_, position) => ((lanes[position] as number) & (1 << lane)) !== 0);
    const alone = upstream(graph, names);
    expect(needed, `${names}`).toEqual(all.filter((name) => alone.has(name)));
  }
});
