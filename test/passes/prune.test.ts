import { describe, expect, it } from 'vitest';
import { colocatedNodes } from '../../src/graph/colocations.js';
import type { GraphNode } from '../../src/graph/node.js';
import { prune } from '../../src/passes/prune.js';
import { failure } from '../support/failure.js';
import { graphOf, type NodeLiteral, stringsAttr, textAttr } from '../support/graph-def.js';

function node(name: string, ...input: string[]): NodeLiteral {
  return { name, op: 'NoOp', input };
}

function colocated(name: string, ...others: string[]): NodeLiteral {
  return {
    name,
    op: 'NoOp',
    attr: { _class: stringsAttr(...others.map((other) => `loc:@${other}`)), _note: textAttr('n') },
  };
}

function kept(nodes: NodeLiteral[], outputs: string[], binds: (node: GraphNode) => boolean = () => true): string[] {
  return prune(graphOf(nodes), outputs, binds).nodes.map(({ name }) => name);
}

describe('what the outputs need is kept', () => {
  it('in the order of the graph', () => {
    expect(kept([node('y', 'b'), node('b', 'a'), node('a'), node('other')], ['y'])).toEqual(['y', 'b', 'a']);
  });
  it('through outputs by number', () => expect(kept([node('a'), node('y', 'a:3')], ['y'])).toEqual(['a', 'y']));
  it('through control inputs', () => expect(kept([node('a'), node('y', '^a')], ['y'])).toEqual(['a', 'y']));
  it('for several outputs', () => {
    expect(kept([node('a'), node('b'), node('c'), node('d', 'a')], ['d', 'b'])).toEqual(['a', 'b', 'd']);
  });
  it('round a loop', () => {
    const loop = [{ name: 'next', op: 'NextIteration', input: ['m'] }, node('m', 'e', 'next'), node('e')];
    expect(kept([...loop, node('y', 'm')], ['y'])).toEqual(['next', 'm', 'e', 'y']);
  });
  it('not what only follows them', () => expect(kept([node('y'), node('after', 'y')], ['y'])).toEqual(['y']));
  it('unedited, so that its bytes can be copied', () => {
    const graph = graphOf([node('a'), node('y', 'a')]);
    expect(prune(graph, ['y'], () => true).nodes).toEqual(graph.nodes);
    expect(prune(graph, ['y'], () => true).nodes[0]).toBe(graph.nodes[0]);
  });
  it('through a chain of 100,000 nodes', () => {
    const chain = Array.from({ length: 100_000 }, (_, index) =>
      node(`n${index}`, ...(index > 0 ? [`n${index - 1}`] : [])),
    );
    expect(kept(chain, ['n99999'])).toHaveLength(100_000);
  });
});

describe('a colocation', () => {
  it('keeps what it names, and what that needs', () => {
    expect(kept([node('deep'), node('anchor', 'deep'), colocated('y', 'anchor')], ['y'])).toEqual([
      'deep',
      'anchor',
      'y',
    ]);
  });
  it('keeps nothing that does not bind, and goes', () => {
    const graph = graphOf([node('anchor'), colocated('y', 'anchor')]);
    const pruned = prune(graph, ['y'], () => false);
    expect(pruned.nodes.map(({ name }) => name)).toEqual(['y']);
    expect([...(pruned.nodes[0]?.attributes.keys() ?? [])]).toEqual(['_note']);
  });
  it('that does not bind stays where the node is kept anyway', () => {
    const graph = graphOf([node('anchor'), colocated('a', 'anchor'), node('y', 'a', 'anchor')]);
    expect(prune(graph, ['y'], () => false).nodes[1]).toBe(graph.nodes[1]);
  });
  it('loses only the names that are gone', () => {
    const graph = graphOf([node('here'), node('gone'), colocated('y', 'gone', 'here')]);
    const pruned = prune(graph, ['y'], ({ name }) => name === 'here');
    expect(colocatedNodes(pruned.nodes.at(-1) as GraphNode)).toEqual(['here']);
  });
  it('with a node that there is none of goes', () => {
    const pruned = prune(graphOf([colocated('y', 'nobody')]), ['y'], () => true);
    expect(pruned.nodes[0]?.attributes.has('_class')).toBe(false);
  });
  it('with itself stays', () => {
    const graph = graphOf([colocated('y', 'y')]);
    expect(prune(graph, ['y'], () => true).nodes[0]).toBe(graph.nodes[0]);
  });
});

describe('an output that does not exist', () => {
  async function message(nodes: NodeLiteral[], output: string): Promise<string> {
    const error = await failure(() => prune(graphOf(nodes), [output], () => true));
    expect(error.code).toBe('OUTPUT_NOT_FOUND');
    return error.message;
  }

  it('is told with the nearest names, best first', async () => {
    const nodes = [node('scope/logits'), node('logit'), node('probabilities', 'logit', 'scope/logits')];
    expect(await message(nodes, 'logits')).toMatch(/The nearest names are 'logit', 'scope\/logits'\./);
  });
  it('is told with no more than ten likely outputs', async () => {
    const nodes = Array.from({ length: 14 }, (_, index) => node(`n${index}`)).map((each) => ({ ...each, op: 'Relu' }));
    expect(await message(nodes, 'something_else')).toMatch(/consumed by nothing else: 'n0', .*'n9' and 4 more\.$/);
  });
  it('is not sent to constants, assignments and summaries', async () => {
    const nodes = ['Const', 'Assign', 'SaveV2', 'MergeSummary', 'NoOp', 'ApplyAdam'].map((op) => ({ name: op, op }));
    expect(await message(nodes, 'zzzzzzzzzzzzzz')).toMatch(/consumed by nothing else: none\.$/);
  });
});
