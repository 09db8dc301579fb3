import { describe, expect, it } from 'vitest';
import { isProtectable, protect } from '../../../src/layouts/mapped/protect.js';
import { Writers } from '../../../src/layouts/mapped/writers.js';
import { call, type FunctionLiteral, funcAttr, libraryOf, typesAttr } from '../../support/functions.js';
import { float, floatNode, graphOf, type NodeLiteral, placeholder, typeAttr } from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';

/** What becomes of nodes that use `w`, which is mapped; `w/copy` is a copy of it. */
function protectedLines(
  nodes: readonly NodeLiteral[],
  functions: Readonly<Record<string, FunctionLiteral>> = {},
): string[] {
  const graph = graphOf([{ name: 'w', op: 'ImmutableConst' }, placeholder('x'), ...nodes], {
    library: libraryOf(functions),
  });
  const plain = ['w = ImmutableConst()', 'x = Placeholder()', 'w/copy = DeepCopy(w)'];
  return lines(protect(graph, new Map([['w', float]]), new Writers(graph))).filter((line) => !plain.includes(line));
}

describe('a kernel that may write to its input gets a copy', () => {
  it('of the constant', () => {
    const graph = graphOf([{ name: 'w', op: 'ImmutableConst', device: '/cpu:0' }, floatNode('Relu', 'y', 'w')]);
    const { nodes } = protect(graph, new Map([['w', float]]), new Writers(graph));
    expect(nodes.map(({ name, op, device }) => [name, op, device])).toEqual([
      ['w', 'ImmutableConst', '/cpu:0'],
      ['w/copy', 'DeepCopy', '/cpu:0'],
      ['y', 'Relu', ''],
    ]);
    expect(nodes[1]?.attribute('T')).toEqual(Buffer.of(0x30, float));
  });
  it('on every input that is the constant', () => {
    expect(protectedLines([floatNode('AddV2', 'y', 'w', 'w:0')])).toEqual(['y = AddV2(w/copy, w/copy)']);
  });
  it('where it is not known', () => {
    expect(protectedLines([floatNode('MyOp', 'y', 'x', 'w')])).toEqual(['y = MyOp(x, w/copy)']);
  });
  it('past what hands the memory on, as late as can be', () => {
    expect(
      protectedLines([
        floatNode('Identity', 'i', 'w'),
        floatNode('Reshape', 'r', 'i', 'x'),
        floatNode('Mul', 'y', 'x', 'r'),
      ]),
    ).toEqual(['i = Identity(w)', 'r = Reshape(i, x)', 'r/copy = DeepCopy(r)', 'y = Mul(x, r/copy)']);
  });
  it('of each output of its own', () => {
    const split = { ...floatNode('Split', 's', 'x', 'w'), attr: { T: typeAttr(float) } };
    expect(protectedLines([split, floatNode('Sub', 'y', 's:1', 's'), floatNode('Neg', 'z', 's:1')])).toEqual([
      's = Split(x, w)',
      's/copy = DeepCopy(s:1)',
      's/copy_1 = DeepCopy(s)',
      'y = Sub(s/copy, s/copy_1)',
      'z = Neg(s/copy)',
    ]);
  });
  it('by a name that is free', () => {
    const nodes = [floatNode('Identity', 'w/copy', 'x'), floatNode('Neg', 'y', 'w')];
    expect(protectedLines(nodes)).toContain('y = Neg(w/copy_1)');
  });
  it('of thousands of outputs in a time that grows with their number', () => {
    const count = 20_000;
    const nodes = Array.from({ length: count }, (_, port) => floatNode('Neg', `y${port}`, `u:${port}`));
    const made = protectedLines([floatNode('Unpack', 'u', 'w'), ...nodes]).filter((line) => line.includes('DeepCopy'));
    expect(new Set(made.map((line) => line.split(' ')[0])).size).toBe(count);
  });
  it('in a loop', () => {
    const loop = [
      floatNode('Enter', 'e', 'w'),
      floatNode('Merge', 'm', 'e', 'n'),
      floatNode('Square', 'y', 'm'),
      floatNode('NextIteration', 'n', 'm'),
    ];
    expect(protectedLines(loop)).toContain('y = Square(m/copy)');
  });
});

describe('no copy is made for kernels that only read', () => {
  const cases: readonly NodeLiteral[] = [
    floatNode('MatMul', 'y', 'x', 'w'),
    floatNode('GatherV2', 'y', 'w', 'x', 'x'),
    floatNode('BiasAdd', 'y', 'x', 'w'),
    floatNode('FusedBatchNormV3', 'y', 'x', 'w', 'w', 'x', 'x'),
    floatNode('Einsum', 'y', 'x', 'w'),
    floatNode('Identity', 'y', 'w', '^x'),
    { name: 'y', op: 'Cast', input: ['w'], attr: { SrcT: typeAttr(19), DstT: typeAttr(float) } },
  ];
  for (const node of cases) {
    it(`${node.op}(${node.input})`, () => {
      expect(protectedLines([node, floatNode('Relu', 'z', 'x')])).toEqual([
        `y = ${node.op}(${node.input?.join(', ')})`,
        'z = Relu(x)',
      ]);
    });
  }
  it('of other inputs they may not', () => {
    expect(protectedLines([floatNode('BiasAdd', 'y', 'w', 'x')])).toEqual(['y = BiasAdd(w/copy, x)']);
    expect(protectedLines([floatNode('FusedBatchNormV3', 'y', 'x', 'x', 'x', 'w', 'x')])).toEqual([
      'y = FusedBatchNormV3(x, x, x, w/copy, x)',
    ]);
  });
  it('a Cast that changes nothing hands its input on', () => {
    const cast = { name: 'c', op: 'Cast', input: ['w'], attr: { SrcT: typeAttr(float), DstT: typeAttr(float) } };
    expect(protectedLines([cast, floatNode('Relu', 'y', 'c')])).toContain('y = Relu(c/copy)');
  });
});

describe('what is handed on has the type that it had:', () => {
  it('not what says how', () => {
    const nodes = [
      floatNode('Reshape', 'r', 'x', 'w'),
      floatNode('ConcatV2', 'c', 'x', 'x', 'w'),
      floatNode('Neg', 'y', 'r'),
    ];
    expect(protectedLines([...nodes, floatNode('Neg', 'z', 'c')]).join()).not.toContain('copy');
  });
  it('not the number that a Merge gives out', () => {
    const nodes = [floatNode('Merge', 'm', 'w', 'x'), floatNode('Neg', 'y', 'm:1'), floatNode('Neg', 'z', 'm')];
    expect(protectedLines(nodes)).toEqual([
      'm = Merge(w, x)',
      'm/copy = DeepCopy(m)',
      'y = Neg(m:1)',
      'z = Neg(m/copy)',
    ]);
  });
  it('not what comes beside it through an IdentityN', () => {
    const nodes = [floatNode('IdentityN', 'i', 'x', 'w'), floatNode('Neg', 'y', 'i'), floatNode('Neg', 'z', 'i:1')];
    expect(protectedLines(nodes)).toEqual([
      'i = IdentityN(x, w)',
      'i/copy = DeepCopy(i:1)',
      'y = Neg(i)',
      'z = Neg(i/copy)',
    ]);
  });
});

it('functions too deep in each other to be followed get a copy', () => {
  const types = { inputs: { a: float }, outputs: { r: float } };
  const functions: Record<string, FunctionLiteral> = {
    f0: { ...types, nodes: [floatNode('Shape', 's', 'a')], returns: { r: 's:output:0' } },
  };
  for (let depth = 1; depth <= 2000; depth++) {
    functions[`f${depth}`] = {
      ...types,
      nodes: [call('c', ['a'], `f${depth - 1}`, [1])],
      returns: { r: 'c:output:0' },
    };
  }
  expect(protectedLines([call('y', ['w'], 'f100', [1])], functions)).toEqual(['y = PartitionedCall(w)']);
  expect(protectedLines([call('y', ['w'], 'f2000', [1])], functions)).toEqual(['y = PartitionedCall(w/copy)']);
});

describe('functions', () => {
  const types = { inputs: { a: float, b: float }, outputs: { r: float } };
  const read = { ...types, nodes: [floatNode('MatMul', 'm', 'a', 'b')], returns: { r: 'm:product:0' } };
  const write = { ...types, nodes: [floatNode('AddV2', 'm', 'a', 'b')], returns: { r: 'm:z:0' } };

  it('that only read get the constant', () => {
    const calls = [call('y', ['x', 'w'], 'f', [1, 1]), call('z', ['x', 'w'], 'f', [1, 1])];
    expect(protectedLines(calls, { f: read })).toEqual(['y = PartitionedCall(x, w)', 'z = PartitionedCall(x, w)']);
  });
  it('that may write get a copy', () => {
    expect(protectedLines([call('y', ['x', 'w'], 'f', [1, 1])], { f: write })).toEqual([
      'y = PartitionedCall(x, w/copy)',
    ]);
  });
  it('are followed into others', () => {
    const outer = { ...types, nodes: [call('c', ['a', 'b'], 'f', [1, 1])], returns: { r: 'c:output:0' } };
    const both = [call('y', ['x', 'w'], 'outer', [1, 1])];
    expect(protectedLines(both, { outer, f: read })).toEqual(['y = PartitionedCall(x, w)']);
    expect(protectedLines(both, { outer, f: write })).toEqual(['y = PartitionedCall(x, w/copy)']);
  });
  it('that call themselves get a copy', () => {
    const endless = { ...types, nodes: [call('c', ['a', 'b'], 'f', [1, 1])], returns: { r: 'c:output:0' } };
    expect(protectedLines([call('y', ['x', 'w'], 'f', [1, 1])], { f: endless })).toEqual([
      'y = PartitionedCall(x, w/copy)',
    ]);
  });
  it('that return the constant hand it on, by that result alone', () => {
    const pair = {
      inputs: types.inputs,
      outputs: { r: float, s: float },
      nodes: [floatNode('MatMul', 'm', 'a', 'b'), floatNode('Identity', 'i', 'b')],
      returns: { r: 'm:product:0', s: 'i:output:0' },
    };
    const nodes = [
      call('c', ['x', 'w'], 'f', [1, 1], [1, 1]),
      floatNode('Relu', 'y', 'c'),
      floatNode('Relu', 'z', 'c:1'),
    ];
    expect(protectedLines(nodes, { f: pair })).toEqual([
      'c = PartitionedCall(x, w)',
      'c/copy = DeepCopy(c:1)',
      'y = Relu(c)',
      'z = Relu(c/copy)',
    ]);
  });
  it('of a While hand what is the same in every round on', () => {
    const body = {
      inputs: { a: float, b: float },
      outputs: { r: float, s: float },
      nodes: [floatNode('MatMul', 'm', 'a', 'b'), floatNode('Identity', 'i', 'b')],
      returns: { r: 'm:product:0', s: 'i:output:0' },
    };
    const cond = {
      inputs: types.inputs,
      outputs: { r: 10 },
      nodes: [floatNode('Any', 'm', 'a', 'a')],
      returns: { r: 'm:output:0' },
    };
    const loop = {
      name: 'l',
      op: 'While',
      input: ['x', 'w'],
      attr: { T: typesAttr(1, 1), body: funcAttr('body'), cond: funcAttr('cond') },
    };
    const used = [loop, floatNode('Relu', 'y', 'l'), floatNode('Relu', 'z', 'l:1')];
    expect(protectedLines(used, { body, cond })).toEqual([
      'l = While(x, w)',
      'l/copy = DeepCopy(l:1)',
      'y = Relu(l)',
      'z = Relu(l/copy)',
    ]);
    const swapped = { ...body, returns: { r: 'i:output:0', s: 'm:product:0' } };
    expect(protectedLines([loop], { body: swapped, cond })).toEqual(['l = While(x, w/copy)']);
  });
});

describe('callers may write to what they get, so they get a copy', () => {
  const outputOf = (...nodes: NodeLiteral[]): string[] => {
    const graph = graphOf([{ name: 'w', op: 'ImmutableConst' }, ...nodes]);
    return lines(protect(graph, new Map([['w', float]]), new Writers(graph, new Set(['y']))));
  };
  it('of what an output hands on', () => {
    expect(outputOf(floatNode('Identity', 'y', 'w'), floatNode('Neg', 'z', 'y'))).toEqual([
      'w = ImmutableConst()',
      'w/copy = DeepCopy(w)',
      'y = Identity(w/copy)',
      'z = Neg(y)',
    ]);
  });
  it('but not of what an output reads', () => {
    expect(outputOf(floatNode('MatMul', 'y', 'w', 'w'))).not.toContain('w/copy = DeepCopy(w)');
  });
  it('and a constant that is an output is not mapped', () => {
    const graph = graphOf([{ name: 'w', op: 'Const' }]);
    expect(isProtectable('w', float, new Writers(graph, new Set(['w'])))).toBe(false);
    expect(isProtectable('w', float, new Writers(graph))).toBe(true);
  });
});

it('a type that cannot be copied is mapped only where nothing may write to it', () => {
  const graph = graphOf([
    { name: 'w', op: 'Const' },
    { name: 'v', op: 'Const' },
    placeholder('x'),
    floatNode('Relu', 'y', 'w'),
    floatNode('MatMul', 'z', 'x', 'v'),
  ]);
  const writers = new Writers(graph);
  const qint8 = 11;
  expect(isProtectable('w', qint8, writers)).toBe(false);
  expect(isProtectable('v', qint8, writers)).toBe(true);
  expect(isProtectable('w', float, writers)).toBe(true);
});
