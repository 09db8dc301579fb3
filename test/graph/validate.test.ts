import { describe, expect, it } from 'vitest';
import { validateGraph } from '../../src/graph/validate.js';
import { failure } from '../support/failure.js';
import { graphOf, type NodeLiteral } from '../support/graph-def.js';

async function refusal(...nodes: NodeLiteral[]): Promise<string> {
  const error = await failure(() => validateGraph(graphOf(nodes), 'graph.pb'));
  expect(error.code).toBe('GRAPH_INVALID');
  return error.message;
}

function node(name: string, op: string, ...input: string[]): NodeLiteral {
  return { name, op, input };
}

describe('nodes', () => {
  it('there must be one', async () => {
    expect(await refusal()).toBe('graph.pb has no nodes. Is it the file you meant?');
  });
  it('need a name', async () => {
    expect(await refusal(node('a', 'NoOp'), node('', 'NoOp'))).toBe(
      "graph.pb has a node without a name (node 2, op 'NoOp'). The file may be damaged, or was put together by hand.",
    );
  });
  it('need an op', async () => {
    expect(await refusal(node('a', ''))).toMatch(/^graph\.pb has a node without an op \('a'\)\./);
  });
  it('must not share a name', async () => {
    expect(await refusal(node('a', 'NoOp'), node('b', 'NoOp'), node('a', 'Const'))).toBe(
      "graph.pb has two nodes named 'a'. Names must be unique.",
    );
  });
});

describe('an input that is not there', () => {
  it('is told with the nearest names', async () => {
    expect(await refusal(node('conv/weights', 'NoOp'), node('y', 'Relu', 'conv/weight:0'))).toBe(
      "graph.pb has a node 'y' (Relu) whose input 'conv/weight:0' does not exist. " +
        "The nearest names are 'conv/weights'.",
    );
  });
  it('is told without names where none is near', async () => {
    expect(await refusal(node('y', 'Relu', 'something/else'))).toMatch(
      /whose input 'something\/else' does not exist\. The file may be damaged/,
    );
  });
  it('counts as a control input, too', async () => {
    expect(await refusal(node('y', 'NoOp', '^gone'))).toMatch(/whose input '\^gone' does not exist/);
  });
});

describe('cycles', () => {
  it('are refused and spelt out', async () => {
    expect(await refusal(node('a', 'Add', 'c'), node('b', 'Add', 'a'), node('c', 'Add', 'b'))).toMatch(
      /^graph\.pb has a cycle that is no loop: (a → b → c → a|b → c → a → b|c → a → b → c)\. Only NextIteration/,
    );
  });
  it('of one node are refused', async () => {
    expect(await refusal(node('a', 'Relu', 'a'))).toMatch(/cycle that is no loop: a → a\./);
  });
  it('of control edges are refused', async () => {
    expect(await refusal(node('a', 'NoOp', '^b'), node('b', 'NoOp', '^a'))).toMatch(/cycle that is no loop/);
  });
  it('name the nodes of the cycle, not those behind it', async () => {
    const message = await refusal(node('behind', 'Relu', 'a'), node('a', 'Add', 'b'), node('b', 'Add', 'a'));
    expect(message).not.toMatch(/behind/);
  });
  it('that are long are cut short', async () => {
    const ring = Array.from({ length: 20 }, (_, index) => node(`n${index}`, 'Relu', `n${(index + 19) % 20}`));
    expect(await refusal(...ring)).toMatch(/ → \(15 more\) → n\d+\. Only/);
  });
  for (const op of ['NextIteration', 'RefNextIteration']) {
    it(`through ${op} are loops`, () => {
      const loop = [node('m', 'Merge', 'e', 'n'), node('e', 'Enter', 'x'), node('n', op, 'm'), node('x', 'NoOp')];
      expect(() => validateGraph(graphOf(loop), 'graph.pb')).not.toThrow();
    });
  }
});

it('a deep chain is no trouble', () => {
  const chain = Array.from({ length: 50_000 }, (_, index) =>
    node(`n${index}`, 'Relu', ...(index > 0 ? [`n${index - 1}`] : [])),
  );
  expect(() => validateGraph(graphOf(chain), 'graph.pb')).not.toThrow();
});
