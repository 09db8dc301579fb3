// Graphs with functions made flat; what comes out is written by hand.
import { describe, expect, it } from 'vitest';
import { readType } from '../../src/graph/attributes.js';
import { colocatedNodes } from '../../src/graph/colocations.js';
import type { Graph } from '../../src/graph/graph.js';
import type { GraphNode } from '../../src/graph/node.js';
import { validateGraph } from '../../src/graph/validate.js';
import { inlineFunctions } from '../../src/inline/inline-functions.js';
import { failure } from '../support/failure.js';
import { call, type FunctionLiteral, funcAttr, funcsAttr, libraryOf, typesAttr } from '../support/functions.js';
import {
  boolType,
  float,
  graphOf,
  identity,
  int32Type,
  type NodeLiteral,
  placeholder,
  stringsAttr,
  typeAttr,
} from '../support/graph-def.js';
import { lines } from '../support/stored.js';

function flat(nodes: NodeLiteral[], functions: Record<string, FunctionLiteral>): Graph {
  const graph = inlineFunctions(graphOf(nodes, { library: libraryOf(functions) }));
  validateGraph(graph, 'the flat graph');
  return graph;
}

const constant: NodeLiteral = { name: 'one', op: 'Const', attr: { dtype: typeAttr(float) } };

/** Splits its argument, and gives out the second part and a constant. */
const parts: FunctionLiteral = {
  inputs: { x: float },
  outputs: { second: float, one: float },
  nodes: [
    constant,
    { name: 'split', op: 'TopKV2', input: ['x', 'one:output:0'] },
    {
      name: 'same',
      op: 'Identity',
      input: ['split:indices:0', '^one'],
      attr: { _class: stringsAttr('loc:@one', 'loc:@elsewhere') },
    },
  ],
  returns: { second: 'same:output:0', one: 'one:output:0' },
};

describe('a call', () => {
  it('becomes the nodes of the function, and a node of its own name that hands on what they give', () => {
    expect(lines(flat([placeholder('x'), call('c', ['x'], 'f', [float], [float, float])], { f: parts }))).toEqual([
      'x = Placeholder()',
      'c/one = Const()',
      'c/split = TopKV2(x, c/one)',
      'c/same = Identity(c/split:1, ^c/one)',
      'c = IdentityN(c/same, c/one)',
    ]);
  });
  it('keeps its arguments, constants and results waiting for its control inputs', () => {
    const node = call('c', ['x', '^before'], 'f', [float], [float, float]);
    expect(lines(flat([placeholder('x'), { name: 'before', op: 'NoOp' }, node], { f: parts })).slice(2)).toEqual([
      'c/argument.0 = Identity(x, ^before)',
      'c/one = Const(^before)',
      'c/split = TopKV2(c/argument.0, c/one)',
      'c/same = Identity(c/split:1, ^c/one)',
      'c = IdentityN(c/same, c/one, ^before)',
    ]);
  });
  it('waits for several of them through one node, so that edges do not multiply', () => {
    const node = call('c', ['x', '^before', '^x'], 'f', [float], [float, float]);
    expect(lines(flat([placeholder('x'), { name: 'before', op: 'NoOp' }, node], { f: parts })).slice(2)).toEqual([
      'c/controls.0 = NoOp(^before, ^x)',
      'c/argument.0 = Identity(x, ^c/controls.0)',
      'c/one = Const(^c/controls.0)',
      'c/split = TopKV2(c/argument.0, c/one)',
      'c/same = Identity(c/split:1, ^c/one)',
      'c = IdentityN(c/same, c/one, ^c/controls.0)',
    ]);
  });
  it('waits for what the function does on the side', () => {
    const printing: FunctionLiteral = {
      inputs: { x: float },
      outputs: {},
      nodes: [{ name: 'print', op: 'PrintV2', input: ['x'] }],
      returns: {},
      controls: ['print'],
    };
    expect(lines(flat([placeholder('x'), call('c', ['x'], 'f', [float], [])], { f: printing })).slice(1)).toEqual([
      'c/print = PrintV2(x)',
      'c = NoOp(^c/print)',
    ]);
  });
  it('by its name as an op is one too, and fills in the attributes that the function leaves open', () => {
    const open: FunctionLiteral = {
      inputs: { x: float },
      outputs: { y: float },
      nodes: [{ name: 'same', op: 'Identity', input: ['x'], attr: { T: { placeholder: 'Type' } } }],
      returns: { y: 'same:output:0' },
    };
    const graph = flat([placeholder('x'), { name: 'c', op: 'f', input: ['x'], attr: { Type: typeAttr(int32Type) } }], {
      f: open,
    });
    expect(lines(graph).slice(1)).toEqual(['c/same = Identity(x)', 'c = Identity(c/same)']);
    expect(readType(graph.byName.get('c/same') as GraphNode, 'T')).toBe(int32Type);
  });
  it('takes colocations along, as far as they are within the function', () => {
    const graph = flat([placeholder('x'), call('c', ['x'], 'f', [float], [float, float])], { f: parts });
    expect(colocatedNodes(graph.byName.get('c/same') as GraphNode)).toEqual(['c/one']);
  });
});

const same: FunctionLiteral = {
  inputs: { x: float },
  outputs: { y: float },
  nodes: [identity('same', 'x')],
  returns: { y: 'same:output:0' },
};
const one: FunctionLiteral = {
  inputs: { x: float },
  outputs: { y: float },
  nodes: [constant],
  returns: { y: 'one:output:0' },
};

/** A choice between two functions of `x`, by `p`. */
function ifNode(thenBranch: string, elseBranch: string, conditionType = boolType, ...controls: string[]): NodeLiteral {
  return {
    name: 'c',
    op: 'StatelessIf',
    input: ['p', 'x', ...controls],
    attr: {
      then_branch: funcAttr(thenBranch),
      else_branch: funcAttr(elseBranch),
      Tcond: typeAttr(conditionType),
      Tin: typesAttr(float),
      Tout: typesAttr(float),
    },
  };
}

describe('an If', () => {
  const node = (type: number): NodeLiteral => ifNode('same', 'one', type);
  it('switches arguments to the branches, whose constants live and die with them', () => {
    expect(lines(flat([placeholder('p', boolType), placeholder('x'), node(boolType)], { same, one })).slice(2)).toEqual(
      [
        'c/branch_0_switch_0 = Switch(x, p)',
        'c/branch_0_switch_pivot = Switch(p, p)',
        'c/branch_0_pivot = Identity(c/branch_0_switch_pivot:1)',
        'c/branch_0/same = Identity(c/branch_0_switch_0:1)',
        'c/branch_0_executed = Identity(c/branch_0_pivot)',
        'c/branch_1_pivot = Identity(c/branch_0_switch_pivot)',
        'c/branch_1/one = Const(^c/branch_1_pivot)',
        'c/branch_1_executed = Identity(c/branch_1_pivot)',
        'c/merge_0 = Merge(c/branch_0/same, c/branch_1/one)',
        'c/executed = Merge(c/branch_0_executed, c/branch_1_executed)',
        'c = Identity(c/merge_0, ^c/executed)',
      ],
    );
  });
  it('with a number for a condition asks whether it is zero', () => {
    const graph = flat([placeholder('p', int32Type), placeholder('x'), node(int32Type)], { same, one });
    expect(lines(graph).slice(2, 5)).toEqual([
      'c/predicate = ToBool(p)',
      'c/branch_0_switch_0 = Switch(x, c/predicate)',
      'c/branch_0_switch_pivot = Switch(p, c/predicate)',
    ]);
  });
});

describe('a Case', () => {
  const node = (...names: string[]): NodeLiteral => ({
    name: 'c',
    op: 'Case',
    input: ['i', 'x'],
    attr: { branches: funcsAttr(...names), Tin: typesAttr(float), Tout: typesAttr(float) },
  });
  it('asks for one branch after the other, and takes the last when it is none of them', () => {
    const switches = lines(
      flat([placeholder('i', int32Type), placeholder('x'), node('same', 'same', 'one')], { same, one }),
    ).filter((line) => /Switch|Equal|Merge/.test(line));
    expect(switches).toEqual([
      'c/index_0/equal = Equal(i, c/index_0)',
      'c/index_1/equal = Equal(i, c/index_1)',
      'c/branch_0_switch_0 = Switch(x, c/index_0/equal)',
      'c/branch_0_switch_pivot = Switch(i, c/index_0/equal)',
      'c/branch_1_switch_0 = Switch(c/branch_0_switch_0, c/index_1/equal)',
      'c/branch_1_switch_pivot = Switch(c/branch_0_switch_pivot, c/index_1/equal)',
      'c/merge_0 = Merge(c/branch_0/same, c/branch_1/same, c/branch_2/one)',
      'c/executed = Merge(c/branch_0_executed, c/branch_1_executed, c/branch_2_executed)',
    ]);
  });
  it('of one branch takes it', () => {
    const graph = flat([placeholder('i', int32Type), placeholder('x'), node('same')], { same });
    expect(lines(graph).slice(2, 4)).toEqual(['c/branch_0_pivot = Identity(i)', 'c/branch_0/same = Identity(x)']);
  });
});

it('a While enters, merges, asks, goes round and leaves', () => {
  const cond: FunctionLiteral = {
    inputs: { x: float },
    outputs: { go: boolType },
    nodes: [{ ...constant, name: 'yes' }],
    returns: { go: 'yes:output:0' },
  };
  const loop: NodeLiteral = {
    name: 'c',
    op: 'While',
    input: ['x', '^before'],
    attr: { body: funcAttr('same'), cond: funcAttr('cond'), T: typesAttr(float) },
  };
  expect(lines(flat([placeholder('x'), { name: 'before', op: 'NoOp' }, loop], { same, cond })).slice(2)).toEqual([
    'c/enter_0 = Enter(x, ^before)',
    'c/merge_0 = Merge(c/enter_0, c/next_0)',
    'c/cond/yes = Const(^c/merge_0)',
    'c/goes_on = Identity(c/cond/yes)',
    'c/loop_cond = LoopCond(c/goes_on)',
    'c/switch_0 = Switch(c/merge_0, c/loop_cond)',
    'c/identity_0 = Identity(c/switch_0:1)',
    'c/body/same = Identity(c/identity_0)',
    'c/next_0 = NextIteration(c/body/same)',
    'c/exit_0 = Exit(c/switch_0)',
    'c = Identity(c/exit_0)',
  ]);
});

describe('calls within', () => {
  const outer: FunctionLiteral = {
    ...same,
    nodes: [call('inner', ['x'], 'one', [float])],
    returns: { y: 'inner:output:0' },
  };

  it('functions are expanded too', () => {
    expect(lines(flat([placeholder('x'), call('c', ['x'], 'outer', [float])], { outer, one })).slice(1)).toEqual([
      'c/inner/one = Const()',
      'c/inner = Identity(c/inner/one)',
      'c = Identity(c/inner)',
    ]);
  });
  it('a branch of the graph itself live and die with it', () => {
    const nodes = [
      placeholder('p', boolType),
      placeholder('x'),
      { name: 's', op: 'Switch', input: ['x', 'p'] },
      call('c', ['s:1'], 'one', [float]),
    ];
    expect(lines(flat(nodes, { one })).slice(3)).toEqual([
      'c/pivot.0 = Identity(s:1)',
      'c/one = Const(^c/pivot.0)',
      'c = Identity(c/one, ^c/pivot.0)',
    ]);
  });
  it('themselves are refused', async () => {
    const circle = { ...outer, nodes: [call('inner', ['x'], 'circle', [float])] };
    const error = await failure(() => flat([placeholder('x'), call('c', ['x'], 'circle', [float])], { circle }));
    expect([error.code, error.message]).toEqual(['GRAPH_INVALID', expect.stringContaining("'circle' → 'circle'")]);
  });
});

it('an op whose outputs nobody knows is refused', async () => {
  const custom: FunctionLiteral = {
    ...same,
    nodes: [{ name: 'own', op: 'OwnOp', input: ['x'] }],
    returns: { y: 'own:y:0' },
  };
  const error = await failure(() => flat([placeholder('x'), call('c', ['x'], 'custom', [float])], { custom }));
  expect([error.code, error.message]).toEqual([
    'UNSUPPORTED',
    expect.stringContaining("the outputs of 'OwnOp' (node 'own') are not known"),
  ]);
});

it('outputs are counted over lists', () => {
  const node = { name: 'unpack', op: 'Batch', input: ['x', 'x'], attr: { T: typesAttr(float, float) } };
  const lists: FunctionLiteral = { ...same, nodes: [node], returns: { y: 'unpack:batch_index:0' } };
  const graph = flat([placeholder('x'), call('c', ['x'], 'lists', [float])], { lists });
  expect(lines(graph).at(-1)).toBe('c = Identity(c/unpack:2)');
});

describe('a graph is refused where', () => {
  const refusal = async (
    nodes: NodeLiteral[],
    functions: Record<string, FunctionLiteral>,
    code = 'GRAPH_INVALID',
  ): Promise<string> => {
    const error = await failure(() => flat([placeholder('x'), ...nodes], functions));
    expect(error.code).toBe(code);
    return error.message;
  };
  it('a function is not there', async () => {
    expect(await refusal([call('c', ['x'], 'sam', [float])], { same })).toBe(
      "Node 'c' calls the function 'sam', and the graph has none of that name. The nearest are 'same'.",
    );
  });
  it('a function names what it does not have', async () => {
    const wrong = { ...same, returns: { y: 'some:output:0' } };
    expect(await refusal([call('c', ['x'], 'wrong', [float])], { wrong })).toMatch(
      /^The function 'wrong' uses 'some:output:0', and has no such/,
    );
  });
  it('an output has a name that its op does not have', async () => {
    const wrong = { ...same, returns: { y: 'same:result:0' } };
    expect(await refusal([call('c', ['x'], 'wrong', [float])], { wrong })).toBe(
      "Node 'same' (Identity) of a function has no output 'result', which 'same:result:0' reads; it has 'output'.",
    );
  });
  it('the functions come to more than anybody wants', async () => {
    const functions: Record<string, FunctionLiteral> = { f0: same };
    for (let level = 1; level < 30; level++) {
      const twice = [call('a', ['x'], `f${level - 1}`, [float]), call('b', ['a:output:0'], `f${level - 1}`, [float])];
      functions[`f${level}`] = { ...same, nodes: twice, returns: { y: 'b:output:0' } };
    }
    const message = await refusal([call('c', ['x'], 'f29', [float])], functions, 'LIMIT_EXCEEDED');
    expect(message).toMatch(/come to \d{12} bytes/);
  });
});

it('nodes of a body may be called what the nodes around them might be', () => {
  const names = ['switch_0', 'pivot', 'executed', 'argument_0', 'merge_0'];
  const body: FunctionLiteral = {
    inputs: { x: float },
    outputs: { y: float },
    nodes: names.map((name) => identity(name, 'x')),
    returns: { y: 'merge_0:output:0' },
  };
  const choice = ifNode('f', 'f', boolType, '^p');
  const called: NodeLiteral = { ...call('d', ['x'], 'f', [float]), input: ['x', '^p'] };
  const graph = flat([placeholder('x'), placeholder('p', boolType), choice, called], { f: body });
  expect(new Set(graph.nodes.map(({ name }) => name)).size).toBe(graph.nodes.length);
});

it('a node that only waits for an argument is dead in the branch that is not taken', () => {
  const waiting: FunctionLiteral = {
    inputs: { x: float },
    outputs: { y: float },
    nodes: [{ ...constant, input: ['^x'] }],
    returns: { y: 'one:output:0' },
  };
  const choice = ifNode('f', 'f');
  const graph = flat([placeholder('x'), placeholder('p', boolType), choice], { f: waiting });
  expect(lines(graph).filter((line) => line.includes('Const('))).toEqual([
    'c/branch_0/one = Const(^c/branch_0_pivot, ^c/branch_0_switch_0)',
    'c/branch_1/one = Const(^c/branch_1_pivot, ^c/branch_0_switch_0)',
  ]);
});

it('what a call leaves open in a function that the body calls in turn is filled in', () => {
  const inner: FunctionLiteral = {
    inputs: { x: float },
    outputs: { y: float },
    nodes: [{ name: 'same', op: 'Identity', input: ['x'], attr: { T: { placeholder: 'T' } } }],
    returns: { y: 'same:output:0' },
  };
  const next = call('next', ['x'], 'inner', [float]);
  const outer: FunctionLiteral = {
    ...inner,
    nodes: [{ ...next, attr: { ...next.attr, f: funcAttr('inner', { T: { placeholder: 'T' } }) } }],
    returns: { y: 'next:output:0' },
  };
  const called = call('c', ['x'], 'outer', [float]);
  const given = { ...called, attr: { ...called.attr, f: funcAttr('outer', { T: typeAttr(float) }) } };
  const graph = flat([placeholder('x'), given], { outer, inner });
  expect(readType(graph.byName.get('c/next/same') as GraphNode, 'T')).toBe(float);
});
