// How large a graph may become when it is made flat; nothing here is ever made.
import { describe, expect, it } from 'vitest';
import { checkExpansion } from '../../src/inline/check-expansion.js';
import { failure } from '../support/failure.js';
import { call, type FunctionLiteral, libraryOf } from '../support/functions.js';
import { float, graphOf, type NodeLiteral, placeholder } from '../support/graph-def.js';

async function refusal(nodes: NodeLiteral[], functions: Record<string, FunctionLiteral>): Promise<string> {
  const error = await failure(() => checkExpansion(graphOf(nodes, { library: libraryOf(functions) })));
  expect(error.code).toBe('LIMIT_EXCEEDED');
  return error.message;
}

const body = (nodes: NodeLiteral[]): FunctionLiteral => ({ inputs: { x: float }, outputs: {}, nodes, returns: {} });

describe('what is refused before anything is made of it', () => {
  it('functions that call the next one twice each', async () => {
    const twice = (next: string): FunctionLiteral =>
      body([call('a', ['x'], next, [float]), call('b', ['x'], next, [float])]);
    const functions = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}`, twice(`f${i + 1}`)]));
    const message = await refusal([placeholder('x'), call('y', ['x'], 'f0', [float])], {
      ...functions,
      f40: body([placeholder('p')]),
    });
    expect(message).toMatch(/^The functions of the graph come to \d+ bytes when they are inlined/);
  });
  it('calls with very many arguments, each of which needs nodes of its own', async () => {
    const inputs = Array.from({ length: 2_100_000 }, () => 'x');
    const message = await refusal([placeholder('x'), call('y', inputs, 'f', [float])], { f: body([]) });
    expect(message).toMatch(/come to \d{9} bytes when they are inlined, and to no more than \d{8} are they made flat/);
  });
  it('loops of very many variables, each of which becomes six nodes', async () => {
    const input = Array.from({ length: 20_000 }, () => 'x');
    const attr = { cond: { func: { name: 'f' } }, body: { func: { name: 'f' } } };
    const message = await refusal([placeholder('x'), { name: 'y', op: 'While', input, attr }], { f: body([]) });
    const [, weight] = /come to (\d+) bytes/.exec(message) ?? [];
    expect(Number(weight) / input.length).toBeGreaterThan(6 * 150);
  });
});
