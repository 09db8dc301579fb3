// Variables that cannot become constants, and what is said of them.
import { describe, expect, it } from 'vitest';
import { freezeVariables } from '../../src/passes/freeze-variables.js';
import { failure } from '../support/failure.js';
import {
  float,
  graphOf,
  handleVariable,
  identity,
  type NodeLiteral,
  placeholder,
  refVariable,
  resource,
  typeAttr,
} from '../support/graph-def.js';
import { lines, values } from '../support/stored.js';

async function refusal(nodes: NodeLiteral[], ...names: string[]): Promise<string> {
  const error = await failure(() => freezeVariables(graphOf(nodes), values(...names)));
  expect(error.code).toBe('VARIABLE_NOT_FREEZABLE');
  return error.message;
}

describe('an op that writes', () => {
  it('to a reference', async () => {
    const assign = { name: 'set', op: 'AssignSub', input: ['v', 'x'] };
    expect(await refusal([refVariable('v', float, 2), placeholder('x'), assign], 'v')).toBe(
      "Variable 'v' cannot become a constant: node 'set' (AssignSub) writes to it or asks about its state, and the " +
        "outputs need that node. Choose outputs that do without 'set', or put 'v' on the deny list.",
    );
  });
  it('to a handle', async () => {
    const assign = { name: 'set', op: 'AssignVariableOp', input: ['v', 'x'] };
    expect(await refusal([handleVariable('v', float, 2), placeholder('x'), assign], 'v')).toBe(
      "Variable 'v' cannot become a constant: node 'set' (AssignVariableOp) needs its handle, not its value, and the " +
        "outputs need that node. Choose outputs that do without 'set', or put 'v' on the deny list.",
    );
  });
  it('to a reference that came through a switch', async () => {
    const nodes = [
      refVariable('v', float, 2),
      placeholder('p', 10),
      { name: 'switch', op: 'RefSwitch', input: ['v', 'p'], attr: { T: typeAttr(float) } },
      { name: 'set', op: 'Assign', input: ['switch:1', 'p'] },
    ];
    expect(await refusal(nodes, 'v')).toMatch(/^Variable 'v' cannot become a constant: node 'set' \(Assign\) writes/);
  });
  it('to the second of several references', async () => {
    const input = ['w', 'v', 'x', 'x'];
    const nodes = [refVariable('v', float, 2), refVariable('w', float, 2), placeholder('x')];
    const message = await refusal([...nodes, { name: 'step', op: 'ApplyMomentum', input }], 'v');
    expect(message).toMatch(/node 'step' \(ApplyMomentum\) writes to it/);
  });
});

describe('an op that writes to another variable', () => {
  it('may take this one as its value', () => {
    const nodes = [refVariable('v', float, 2), refVariable('w', float, 2)];
    const graph = graphOf([...nodes, { name: 'set', op: 'Assign', input: ['w', 'v'] }]);
    expect(lines(freezeVariables(graph, values('v')))).toEqual([
      'v = Const()',
      'w = VariableV2()',
      'set = Assign(w, v)',
    ]);
  });
});

it('an op that is given the handle for keeps is refused', async () => {
  const call = { name: 'call', op: 'IteratorFromStringHandle', input: ['x', 'v'] };
  expect(await refusal([handleVariable('v', float, 2), placeholder('x'), call], 'v')).toMatch(
    /node 'call' \(IteratorFromStringHandle\) needs its handle, not its value/,
  );
});

it('an op that draws random numbers by the variable is told what it is', async () => {
  const draw = { name: 'flip/draw', op: 'RngReadAndSkip', input: ['v', 'x', 'x'] };
  const message = await refusal([handleVariable('v', 9, 3), placeholder('x'), draw], 'v');
  expect(message).toMatch(/node 'flip\/draw' \(RngReadAndSkip\) draws random numbers by it/);
  expect(message).toMatch(/state of a random generator.*training=False.*put 'v' on the deny list/);
});

describe('a merge', () => {
  const merge = (op: string, type: number): NodeLiteral => ({
    name: 'm',
    op,
    input: ['v', 'w'],
    attr: { T: typeAttr(type) },
  });

  it('of handles becomes one of values where all of them do', () => {
    const variables = [handleVariable('v', float, 2), handleVariable('w', float, 2)];
    const frozen = freezeVariables(graphOf([...variables, merge('Merge', resource)]), values('v', 'w'));
    expect(lines(frozen)).toEqual(['v = Const()', 'w = Const()', 'm = Merge(v, w)']);
  });
  it('of references becomes one of values where all of them do', () => {
    const variables = [refVariable('v', float, 2), refVariable('w', float, 2)];
    const frozen = freezeVariables(graphOf([...variables, merge('RefMerge', float)]), values('v', 'w'));
    expect(lines(frozen)[2]).toBe('m = Merge(v, w)');
  });
  it('of handles is refused where one of them stays', async () => {
    const variables = [handleVariable('v', float, 2), handleVariable('w', float, 2)];
    expect(await refusal([...variables, merge('Merge', resource)], 'v')).toBe(
      "Node 'm' (Merge) merges a variable that becomes a constant with 'w', which stays a variable. " +
        'Freeze both or neither: mend the allow and deny lists.',
    );
  });
  it('of references is refused where one of them stays', async () => {
    const variables = [refVariable('v', float, 2), refVariable('w', float, 2)];
    expect(await refusal([...variables, merge('RefMerge', float)], 'w')).toMatch(
      /^Node 'm' \(RefMerge\) merges a .* 'v'/,
    );
  });
  it('of values is none of our business', () => {
    const graph = graphOf([
      refVariable('v', float, 2),
      identity('i', 'v'),
      placeholder('w'),
      { ...merge('Merge', float), input: ['i', 'w'] },
    ]);
    expect(freezeVariables(graph, values('v')).nodes[3]).toBe(graph.nodes[3]);
  });
  it('of values is none of our business where it takes one straight from a reference', () => {
    const graph = graphOf([refVariable('v', float, 2), placeholder('w'), merge('Merge', float)]);
    expect(freezeVariables(graph, values('v')).nodes[2]).toBe(graph.nodes[2]);
  });
  it('round a loop of handles is no obstacle', () => {
    const attr = { T: typeAttr(resource) };
    const graph = graphOf([
      handleVariable('v', float, 2),
      { name: 'e', op: 'Enter', input: ['v'], attr },
      { name: 'm', op: 'Merge', input: ['e', 'n'], attr },
      { name: 'n', op: 'NextIteration', input: ['m'], attr },
    ]);
    const frozen = freezeVariables(graph, values('v'));
    expect(lines(frozen)).toEqual(['v = Const()', 'e = Enter(v)', 'm = Merge(e, n)', 'n = NextIteration(m)']);
  });
});
