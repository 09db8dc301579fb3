import { describe, expect, it } from 'vitest';
import { Tensor } from '../../src/evaluate/tensor.js';
import { isVariable } from '../../src/graph/variables.js';
import { evaluateInitializers, type FrozenValue, valuesOf } from '../../src/passes/evaluate-initializers.js';
import { failure } from '../support/failure.js';
import { call, type FunctionLiteral, libraryOf } from '../support/functions.js';
import {
  boolType,
  float,
  graphOf,
  handleVariable,
  identity,
  int32Type,
  type NodeLiteral,
  readVariable,
  refVariable,
  resource,
  typeAttr,
} from '../support/graph-def.js';
import { values } from '../support/stored.js';

function constant(name: string, ...float_val: number[]): NodeLiteral {
  const tensor = { dtype: float, tensor_shape: { dim: [{ size: float_val.length }] }, float_val };
  return { name, op: 'Const', attr: { dtype: typeAttr(float), value: { tensor } } };
}

const v = refVariable('v', float, 2);
const h = handleVariable('h', float, 2);
const two = constant('two', 1, 2);
const set: NodeLiteral = { name: 'set', op: 'Assign', input: ['v', 'two'] };
const handing: NodeLiteral = { ...call('set', ['h'], 'f', [resource], []), op: 'StatefulPartitionedCall' };
const writing: FunctionLiteral = {
  inputs: { h: resource },
  outputs: {},
  nodes: [two, { name: 'write', op: 'AssignVariableOp', input: ['h', 'two:output:0'] }],
  returns: {},
};
const init: NodeLiteral = { name: 'init', op: 'NoOp', input: ['^set'] };

async function valuesAfter(
  nodes: NodeLiteral[],
  initializers = ['init'],
  wanted?: string[],
  functions: Record<string, FunctionLiteral> = {},
): Promise<Map<string, FrozenValue>> {
  const graph = graphOf(nodes, { library: libraryOf(functions) });
  const variables = graph.nodes.filter((node) => isVariable(node) && (wanted?.includes(node.name) ?? true));
  const assigned = evaluateInitializers(graph, initializers, variables);
  return valuesOf(variables, assigned, async (sources) => values(...sources.map(({ name }) => name)));
}

async function refusal(nodes: NodeLiteral[], initializers = ['init'], wanted?: string[]): Promise<string> {
  const error = await failure(() => valuesAfter(nodes, initializers, wanted));
  expect(error.code).toBe('UNSUPPORTED');
  return error.message;
}

function floats(value: FrozenValue | undefined): number[] {
  if (!(value instanceof Tensor)) throw new Error('Expected a tensor that was assigned.');
  return Array.from(value.numbers() ?? [], Number);
}

describe('an initialiser', () => {
  it('that assigns a constant goes before what is stored', async () => {
    expect(floats((await valuesAfter([v, two, set, init])).get('v'))).toEqual([1, 2]);
  });
  it('may be the assignment itself, by the name of its output', async () => {
    expect(floats((await valuesAfter([v, two, set], ['set:0'])).get('v'))).toEqual([1, 2]);
  });
  it('may assign to a resource, through an Identity of its handle', async () => {
    const nodes = [h, two, identity('same', 'h', 20), { ...set, op: 'AssignVariableOp', input: ['same', 'two'] }, init];
    expect(floats((await valuesAfter(nodes)).get('h'))).toEqual([1, 2]);
  });
  it('that is not given leaves what is stored', async () => {
    expect((await valuesAfter([v, two, set, init], [])).get('v')).toMatchObject({ key: 'v' });
  });
  it('of another variable changes nothing, whatever it assigns', async () => {
    const nodes = [v, refVariable('w', float, 2), { name: 'random', op: 'RandomNormal' }, init];
    const all = [...nodes, { ...set, input: ['w', 'random'] }];
    expect((await valuesAfter(all, ['init'], ['v'])).get('v')).toMatchObject({ key: 'v' });
  });
  it('that fills a table changes nothing', async () => {
    const fill = { name: 'set', op: 'LookupTableImportV2', input: ['table', 'two', 'two'] };
    expect((await valuesAfter([v, two, { name: 'table', op: 'HashTableV2' }, fill, init])).get('v')).toMatchObject({
      key: 'v',
    });
  });
  it('may hand a variable to a function that only reads', async () => {
    const reading = { ...writing, nodes: [readVariable('read', 'h')] };
    const found = await valuesAfter([h, handing, init], ['init'], undefined, { f: reading });
    expect(found.get('h')).toMatchObject({ key: 'h' });
  });
  it('may assign the stored value of another variable', async () => {
    const nodes = [v, h, readVariable('read', 'h'), { ...set, input: ['v', 'read'] }, init];
    expect((await valuesAfter(nodes)).get('v')).toMatchObject({ key: 'h' });
  });
});

it('a name that is not there is told with the nearest', async () => {
  const error = await failure(() => valuesAfter([v, two, set, init], ['innit']));
  expect([error.code, error.message]).toEqual([
    'INVALID_ARGUMENT',
    "There is no initialiser node 'innit' in the graph. The nearest name is 'init'.",
  ]);
});

describe('an initialiser is refused', () => {
  it('with the nodes that nobody can compute', async () => {
    const nodes = [v, init, { ...set, input: ['v', 'sum'] }, { name: 'sum', op: 'AddV2', input: ['a', 'b'] }];
    const random = ['a', 'b'].map((name) => ({ name, op: 'RandomUniform', input: [] }));
    expect(await refusal([...nodes, ...random])).toBe(
      "What the initialisers 'init' assign to variables that the outputs need cannot be computed without TensorFlow: " +
        "'b' (RandomUniform), 'a' (RandomUniform) stand in the way. Save a checkpoint after running them, and freeze with it and without them.",
    );
  });
  for (const op of ['AssignAdd', 'ScatterUpdate', 'ApplyGradientDescent']) {
    it(`that changes a variable by ${op}`, async () => {
      expect(await refusal([v, two, { ...set, op }, init])).toMatch(`'set' (${op}) stands in the way`);
    });
  }
  it('that assigns twice', async () => {
    const nodes = [v, two, set, { ...set, name: 'again' }, { ...init, input: ['^set', '^again'] }];
    expect(await refusal(nodes)).toMatch(/\(Assign\) stands in the way/);
  });
  it('that assigns in a branch', async () => {
    const branch = [
      { name: 'p', op: 'Placeholder' },
      { name: 'switch', op: 'RefSwitch', input: ['v', 'p'] },
    ];
    expect(await refusal([v, two, ...branch, { ...set, input: ['switch:1', 'two'] }, init])).toMatch("'set' (Assign)");
  });
  it('that computes with a stored value', async () => {
    const sum = { name: 'sum', op: 'AddV2', input: ['w', 'two'] };
    const nodes = [v, refVariable('w', float, 2), two, sum, { ...set, input: ['v', 'sum'] }, init];
    expect(await refusal(nodes)).toMatch("'sum' (AddV2) stands in the way");
  });
  it('that hands a variable to a function which writes', async () => {
    const { message } = await failure(() => valuesAfter([h, handing, init], ['init'], undefined, { f: writing }));
    expect(message).toMatch("'set' (StatefulPartitionedCall) stands in the way");
  });
  it('that swaps two variables', async () => {
    const swap = { name: 'swap', op: 'Assign', input: ['w', 'v'] };
    const nodes = [
      v,
      refVariable('w', float, 2),
      { ...set, input: ['v', 'w'] },
      swap,
      { ...init, input: ['^set', '^swap'] },
    ];
    expect(await refusal(nodes)).toMatch("'set' (Assign), 'swap' (Assign) stand in the way");
  });
  it('whose value does not fit', async () => {
    const error = await failure(() => valuesAfter([v, constant('two', 1, 2, 3), set, init]));
    expect([error.code, error.message]).toEqual([
      'VARIABLE_MISMATCH',
      "Variable 'v' is float32[2], and its initialiser assigns float32[3] to it. Such a graph does not run; export it " +
        'again, or leave the initialiser out.',
    ]);
  });
  it('whose value would be huge', async () => {
    const dims = { dtype: int32Type, tensor_shape: { dim: [{ size: 2 }] }, int_val: [100_000, 100_000] };
    const fill = { name: 'fill', op: 'Fill', input: ['dims', 'one'] };
    const nodes = [v, { name: 'dims', op: 'Const', attr: { value: { tensor: dims } } }, constant('one', 1), fill];
    expect(await refusal([...nodes, { ...set, input: ['v', 'fill'] }, init])).toMatch(
      "'fill' (Fill) stands in the way",
    );
  });
  it('whose constant is damaged', async () => {
    const tensor = { dtype: boolType, tensor_shape: { dim: [{ size: 2 }] }, tensor_content: Buffer.alloc(5) };
    const nodes = [v, { name: 'two', op: 'Const', attr: { value: { tensor } } }, set, init];
    expect(await refusal(nodes)).toMatch("'two' (Const) stands in the way");
  });
});

it('an output that the op of a value has not is an obstacle, and the stored value no substitute', async () => {
  const second = { ...set, input: ['v', 'two:1'] };
  expect(await refusal([v, two, second, init])).toContain("'two' (Const) stands in the way");
  const passed = [v, two, identity('same', 'two:1'), { ...set, input: ['v', 'same'] }, init];
  expect(await refusal(passed)).toContain("'same' (Identity) stands in the way");
});
