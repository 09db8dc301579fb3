import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../../../src/graph/node.js';
import { effectBits, effectsOfCalls } from '../../../src/inference/waiting/effects.js';
import { call, type FunctionLiteral, libraryOf } from '../../support/functions.js';
import { float, floatNode, graphOf, type NodeLiteral, placeholder } from '../../support/graph-def.js';

function body(...nodes: NodeLiteral[]): FunctionLiteral {
  return { inputs: { a: float }, outputs: { o: float }, nodes, returns: { o: 'a' } };
}

const calling = (...functions: string[]): FunctionLiteral =>
  body(...functions.map((name) => call(`call_${name}`, ['a'], name, [float])));

/** Of calls of these functions. */
function effects(functions: Readonly<Record<string, FunctionLiteral>>, gradient: object[] = []): number[] {
  const names = Object.keys(functions);
  const calls = names.map((name) => call(name, ['x'], name, [float]));
  const graph = graphOf([placeholder('x'), ...calls], { library: { ...libraryOf(functions), gradient } });
  const effectsOf = effectsOfCalls(graph);
  return names.map((name) => effectsOf.of(graph.byName.get(name) as GraphNode));
}

const pure = body(floatNode('Neg', 'n', 'a'));
const step = body(floatNode('ApplyGradientDescent', 's', 'a', 'a', 'a'));
const write = body(floatNode('AssignVariableOp', 'w', 'a', 'a'));
const { none, training, lasting } = effectBits;

describe('a call does what its function does', () => {
  it('and what those do that it calls, whichever stands first', () => {
    expect(effects({ pure, step, write })).toEqual([none, training, lasting]);
    const both = training | lasting;
    expect(effects({ outer: calling('inner', 'pure'), inner: calling('step', 'write'), step, write, pure })).toEqual([
      both,
      both,
      training,
      lasting,
      none,
    ]);
  });

  it('where functions call each other', () => {
    expect(effects({ f: calling('g'), g: calling('f', 'step'), step, h: calling('h') })).toEqual([
      training,
      training,
      training,
      none,
    ]);
  });

  it('and what its gradient does', () => {
    expect(effects({ f: pure, step }, [{ function_name: 'f', gradient_func: 'step' }])).toEqual([training, training]);
  });

  it('also where the op of the node is the function', () => {
    const graph = graphOf([placeholder('x'), { name: 'y', op: 'step', input: ['x'] }], {
      library: libraryOf({ step }),
    });
    expect(effectsOfCalls(graph).of(graph.byName.get('y') as GraphNode)).toBe(training);
  });
});

it('functions are gone through once, not once for each of very many calls', () => {
  const depth = 2000;
  const functions = Object.fromEntries(
    Array.from({ length: depth }, (_, index) => [`f${index}`, index === 0 ? step : calling(`f${index - 1}`)]),
  );
  const calls = Array.from({ length: 20_000 }, (_, index) => call(`c${index}`, ['x'], `f${depth - 1}`, [float]));
  const graph = graphOf([placeholder('x'), ...calls], { library: libraryOf(functions) });
  const effectsOf = effectsOfCalls(graph);
  expect(graph.nodes.filter((node) => effectsOf.of(node) === training)).toHaveLength(calls.length);
});
