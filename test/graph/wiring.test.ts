import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/graph/graph.js';
import { GraphNode } from '../../src/graph/node.js';
import { graphOf } from '../support/graph-def.js';

const loop = graphOf([
  { name: 'merge', op: 'Merge', input: ['inner', 'next'] },
  { name: 'next', op: 'NextIteration', input: ['merge:1', '^inside'] },
  { name: 'inside', op: 'Const', input: ['^merge'] },
  { name: 'twice', op: 'Add', input: ['merge', 'merge:0'] },
]);

/** `node input`, of those that read a node. */
function readers({ wiring, nodes }: Graph, name: string): string[] {
  const found: string[] = [];
  wiring.forEachReader(wiring.numberOf(name), (at, input) => found.push(`${(nodes[at] as GraphNode).name} ${input}`));
  return found;
}

/** Where the inputs of a node come from. */
function sources({ wiring, nodes }: Graph, name: string): (string | undefined)[] {
  return wiring.sourcesOf(wiring.positionOf(name)).map((source) => nodes[source]?.name);
}

describe('the readers of a node', () => {
  it('are told by data and by control, in the order of the graph', () => {
    expect(readers(loop, 'merge')).toEqual(['next 0', 'inside 0', 'twice 0', 'twice 1']);
    expect(readers(loop, 'inside')).toEqual(['next 1']);
  });
  it('are none of the last node, nor of one that is not there', () => {
    expect([readers(loop, 'twice'), readers(loop, 'nobody')]).toEqual([[], []]);
  });
  it('are told of a name that no node has', () => expect(readers(loop, 'inner')).toEqual(['merge 0']));
});

describe('the sources of a node', () => {
  it('are found whichever way an input is written', () => {
    expect(sources(loop, 'next')).toEqual(['merge', 'inside']);
    expect(sources(loop, 'merge')).toEqual([undefined, 'next']);
  });

  it('stay right when nodes go, come and change', () => {
    const [, next, inside] = loop.nodes as [GraphNode, GraphNode, GraphNode];
    const added = GraphNode.create('new', 'Add', ['inside', '^renamed'], new Map());
    const graph = loop.withNodes([added, next.edit({ name: 'renamed' }), inside.edit({ inputs: ['new:3'], op: 'X' })]);
    expect(sources(graph, 'new')).toEqual(['inside', 'renamed']);
    expect(sources(graph, 'renamed')).toEqual([undefined, 'inside']);
    expect(sources(graph, 'inside')).toEqual(['new']);
    expect([graph.byName.has('merge'), graph.byName.has('next')]).toEqual([false, false]);
  });
});

describe('names', () => {
  it('may be in any script and of any length', () => {
    const names = ['ä', 'variable/重み', '\u{1f600}', 'x'.repeat(4095), 'y'.repeat(4097), '\ufffd'];
    const graph = graphOf(
      names.flatMap((name) => [
        { name, op: 'A' },
        { name: `${name}2`, op: 'B', input: [name] },
      ]),
    );
    for (const name of names) {
      expect(sources(graph, `${name}2`)).toEqual([name]);
      expect(graph.byName.get(name)?.op).toBe('A');
    }
  });

  it('are told apart where there are many', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `scope_${index % 7}/layer_${index}`);
    const graph = graphOf(
      names.map((name, index) => ({ name, op: 'A', input: index > 0 ? [`^${names[index - 1]}`] : [] })),
    );
    for (const at of [1, 2, 4096, 19_999]) expect(sources(graph, names[at] as string)).toEqual([names[at - 1]]);
  });

  it('are found by bytes as well as by texts, whatever they are made of', () => {
    const names = ['plain', 'übel', '日本', 'tab\there', 'x'.repeat(5000)];
    const graph = graphOf(names.map((name) => ({ name, op: 'A' })));
    names.forEach((name, position) => {
      const bytes = Buffer.from(`loc:@${name}!`);
      expect(graph.wiring.positionAt(bytes, 5, bytes.length - 1)).toBe(position);
      expect(graph.wiring.positionOf(name)).toBe(position);
      expect(graph.nodes[position]?.name).toBe(name);
    });
    expect(graph.wiring.positionAt(Buffer.from('plain'), 0, 4)).toBe(-1);
  });

  it('are told apart where somebody has chosen them to fall together', () => {
    // In a hash that goes by 31, 'Aa' and 'BB' are the same; so are all names made of ten of them.
    const names = Array.from({ length: 1024 }, (_, index) =>
      index.toString(2).padStart(10, '0').replaceAll('0', 'Aa').replaceAll('1', 'BB'),
    );
    const graph = graphOf(
      names.map((name, index) => ({ name, op: 'A', input: index > 0 ? [names[index - 1] as string] : [] })),
    );
    names.forEach((name, position) => {
      expect(graph.wiring.positionOf(name)).toBe(position);
      expect(sources(graph, name)).toEqual(position > 0 ? [names[position - 1]] : []);
    });
  });
});
