/** Graphs put together at random, of nodes that mostly fit together: what fits nowhere is refused before anything is done to it. */
import fc from 'fast-check';
import { call, type FunctionLiteral, funcAttr, funcsAttr, libraryOf, typesAttr } from '../support/functions.js';
import {
  boolType,
  encode,
  float,
  floatNode,
  handleVariable,
  identity,
  int32Type,
  intAttr,
  type NodeLiteral,
  placeholder,
  readVariable,
  refVariable,
  resource,
  shapeAttr,
  stringsAttr,
  stringTensor,
  textAttr,
  typeAttr,
  unknownRank,
} from '../support/graph-def.js';

/** What a node is made of: which kind, what it reads, and a number that the kind makes something of. */
interface Choice {
  readonly kind: number;
  readonly reads: readonly number[];
  readonly number: number;
}

/** The names of what is there already, by what they give. */
interface Pool {
  readonly floats: string[];
  readonly truths: string[];
  readonly handles: string[];
  readonly references: string[];
}

/** Makes the node of that name, or several, and puts what they give into the pool. */
type Kind = (name: string, pool: Pool, choice: Choice) => NodeLiteral[];

function pick<T>(list: readonly T[], number = 0): T | undefined {
  return list[number % Math.max(list.length, 1)];
}

const floatOf = (pool: Pool, { reads }: Choice, index = 0): string => pick(pool.floats, reads[index]) ?? 'x';
const truthOf = (pool: Pool, { reads }: Choice): string => pick(pool.truths, reads[2]) ?? 'flag';

function giving(pool: Pool, node: NodeLiteral): NodeLiteral[] {
  pool.floats.push(node.name);
  return [node];
}

function constant(name: string, dtype: number, sizes: readonly number[], values: object): NodeLiteral {
  const dim = sizes.map((size) => ({ size }));
  return {
    name,
    op: 'Const',
    attr: { dtype: typeAttr(dtype), value: { tensor: { dtype, tensor_shape: { dim }, ...values } } },
  };
}

const unaryOps = ['Identity', 'Neg', 'Relu', 'StopGradient', 'Snapshot', 'PreventGradient', 'Custom>Op', 'Square'];
const binaryOps = ['AddV2', 'Mul', 'Sub', 'MatMul', 'RealDiv', 'GreaterEqual', 'BiasAdd', 'Minimum'];
const shapes = [[], [2], [2, 2], [0], [1, 2, 3], [1_000_000, 1_000_000], [-1]];

const kinds: readonly Kind[] = [
  (name, pool, choice) => giving(pool, floatNode(pick(unaryOps, choice.number) as string, name, floatOf(pool, choice))),
  (name, pool, choice) =>
    giving(
      pool,
      floatNode(pick(binaryOps, choice.number) as string, name, floatOf(pool, choice), floatOf(pool, choice, 1)),
    ),
  (name, pool, { number }) =>
    giving(pool, constant(name, float, pick(shapes, number) ?? [], { float_val: number % 3 === 0 ? [] : [number] })),
  (name, pool, { number }) => {
    pool.truths.push(name);
    return [constant(name, boolType, [], { bool_val: [number % 2 === 0] })];
  },
  (name, pool) => {
    pool.references.push(name);
    return giving(pool, refVariable(name, float, 2)).concat(giving(pool, identity(`${name}/read`, name)));
  },
  (name, pool) => {
    pool.handles.push(name);
    return [handleVariable(name, float, 2), ...giving(pool, readVariable(`${name}/Read/ReadVariableOp`, name))];
  },
  (name, pool, choice) => {
    const variable = pick(pool.references, choice.number);
    if (variable === undefined) return [];
    const op = pick(['Assign', 'AssignAdd', 'AssignSub', 'ScatterAdd'], choice.number) as string;
    return giving(pool, floatNode(op, name, variable, floatOf(pool, choice)));
  },
  (name, pool, choice) => {
    const handle = pick(pool.handles, choice.number);
    if (handle === undefined) return [];
    const op = pick(['AssignVariableOp', 'AssignAddVariableOp', 'ResourceApplyGradientDescent'], choice.number);
    const node = {
      name,
      op: op as string,
      input: [handle, floatOf(pool, choice)],
      attr: { dtype: typeAttr(float), T: typeAttr(float) },
    };
    const after = { ...readVariable(`${name}/after`, handle), input: [handle, `^${name}`] };
    return [node, ...giving(pool, after)];
  },
  (name, pool, choice) => {
    const node = floatNode('Switch', name, floatOf(pool, choice), truthOf(pool, choice));
    const merge = {
      ...floatNode('Merge', `${name}/merge`, name, `${name}:1`),
      attr: { T: typeAttr(float), N: intAttr(2) },
    };
    return [node, ...giving(pool, floatNode('Neg', `${name}/no`, name)), ...giving(pool, merge)];
  },
  (name, pool, choice) => {
    const attr = { T: typeAttr(float), frame_name: textAttr(name) };
    return [
      { name: `${name}/enter`, op: 'Enter', input: [floatOf(pool, choice)], attr },
      {
        ...floatNode('Merge', `${name}/merge`, `${name}/enter`, `${name}/next`),
        attr: { T: typeAttr(float), N: intAttr(2) },
      },
      { name: `${name}/cond`, op: 'LoopCond', input: [truthOf(pool, choice)] },
      floatNode('Switch', `${name}/switch`, `${name}/merge`, `${name}/cond`),
      floatNode('NextIteration', `${name}/next`, `${name}/switch:1`),
      ...giving(pool, floatNode('Exit', name, `${name}/switch`)),
    ];
  },
  (name, pool, choice) => giving(pool, call(name, [floatOf(pool, choice)], functionOf(choice), [float])),
  (name, pool, choice) => {
    const handle = pick(pool.handles, choice.number);
    return handle === undefined ? [] : giving(pool, call(name, [handle], `h${choice.number % 3}`, [resource]));
  },
  (name, pool, choice) => {
    const branches = {
      then_branch: funcAttr(functionOf(choice)),
      else_branch: funcAttr(`f${(choice.number + 1) % 3}`),
    };
    const attr = { Tcond: typeAttr(boolType), Tin: typesAttr(float), Tout: typesAttr(float), ...branches };
    return giving(pool, { name, op: 'If', input: [truthOf(pool, choice), floatOf(pool, choice)], attr });
  },
  (name, pool, choice) => {
    const attr = { branches: funcsAttr('f0', functionOf(choice)), Tin: typesAttr(float), Tout: typesAttr(float) };
    const index = constant(`${name}/index`, int32Type, [], { int_val: [choice.number % 4] });
    return [index, ...giving(pool, { name, op: 'Case', input: [index.name, floatOf(pool, choice)], attr })];
  },
  (name, pool, choice) => {
    const attr = { T: typesAttr(float), cond: funcAttr('cond'), body: funcAttr(functionOf(choice)) };
    return giving(pool, { name, op: 'While', input: [floatOf(pool, choice)], attr });
  },
  (name, pool, choice) => {
    const sizes = constant(`${name}/sizes`, int32Type, [1], { int_val: [choice.number] });
    const attr = { T: typeAttr(float), index_type: typeAttr(int32Type) };
    return [sizes, ...giving(pool, { name, op: 'Fill', input: [sizes.name, floatOf(pool, choice)], attr })];
  },
  (name, pool, choice) => {
    const shape = constant(`${name}/shape`, int32Type, [1], { int_val: [2] });
    const attr = { T: typeAttr(int32Type), dtype: typeAttr(float), seed: intAttr(choice.number) };
    const mask = floatNode('GreaterEqual', `${name}/mask`, `${name}/random`, floatOf(pool, choice));
    return [
      shape,
      { name: `${name}/random`, op: 'RandomUniform', input: [shape.name], attr },
      mask,
      {
        name: `${name}/kept`,
        op: 'Cast',
        input: [mask.name],
        attr: { SrcT: typeAttr(boolType), DstT: typeAttr(float) },
      },
      ...giving(pool, floatNode('Mul', name, floatOf(pool, choice, 1), `${name}/kept`)),
    ];
  },
  (name, pool, choice) => {
    const input = Array.from({ length: 5 }, (_, index) => floatOf(pool, choice, index));
    const attr = { T: typeAttr(float), U: typeAttr(float), is_training: { b: choice.number % 2 === 0 } };
    return giving(pool, { name, op: 'FusedBatchNormV3', input, attr });
  },
  (name, pool, choice) => {
    const axes = constant(`${name}/axes`, int32Type, [1], { int_val: [choice.number % 3] });
    const attr = { T: typeAttr(float), Tperm: typeAttr(int32Type) };
    return [axes, ...giving(pool, { name, op: 'Transpose', input: [floatOf(pool, choice), axes.name], attr })];
  },
  (name, pool, choice) => {
    const node = floatNode('Identity', name, floatOf(pool, choice), `^${floatOf(pool, choice, 1)}`);
    const classes = stringsAttr(`loc:@${floatOf(pool, choice, 3)}`);
    return giving(pool, { ...node, device: '/job:w/device:GPU:1', attr: { ...node.attr, _class: classes } });
  },
  (name, pool, choice) => {
    const shape = choice.number % 2 === 0 ? shapeAttr(2, -1) : unknownRank;
    return giving(pool, { name, op: 'Placeholder', attr: { dtype: typeAttr(float), shape } });
  },
  (name) => [{ name, op: 'Const', attr: { dtype: typeAttr(7), value: stringTensor('a', name) } }],
];

const functionOf = ({ number }: Choice): string => `f${number % 3}`;

/** The nodes that choices come to; those of functions have the arguments' names for what is there. */
function nodesOf(choices: readonly Choice[], pool: Pool): NodeLiteral[] {
  return choices.flatMap((choice, index) => pick(kinds, choice.kind)?.(`n${index}`, pool, choice) ?? []);
}

/** In a body, the outputs of nodes have names. */
function inBody(nodes: readonly NodeLiteral[]): NodeLiteral[] {
  const outputs: Readonly<Record<string, string>> = { AddV2: 'z', Mul: 'z', Sub: 'z', Neg: 'y', Const: 'output' };
  const ops = new Map(nodes.map(({ name, op }) => [name, op]));
  const named = (input: string): string => {
    const op = ops.get(input);
    return op === undefined || input.startsWith('^') ? input : `${input}:${outputs[op] ?? 'output'}:0`;
  };
  return nodes.map((node) => ({ ...node, input: (node.input ?? []).map(named) }));
}

function functionOfChoices(choices: readonly Choice[], type: number): FunctionLiteral {
  const start = type === resource ? [readVariable('a', 'arg')] : [floatNode('Neg', 'a', 'arg')];
  const pool: Pool = { floats: ['a'], truths: [], handles: [], references: [] };
  const nodes = [constant('flag', boolType, [], { bool_val: [true] }), ...start, ...nodesOf(choices, pool)];
  const last = floatNode('AddV2', 'result', pool.floats.at(-1) as string, 'a');
  const all = inBody([...nodes, last]);
  const read = all.map((node) =>
    type === resource
      ? { ...node, input: node.input?.map((input) => input.replace(/^a:output:0$/, 'a:value:0')) ?? [] }
      : node,
  );
  return { inputs: { arg: type }, outputs: { r: float }, nodes: read, returns: { r: 'result:z:0' } };
}

export interface RandomGraph {
  /** A GraphDef, as an object. */
  readonly graph: object;
  /** Names of its variables, all of which are two floats. */
  readonly variables: readonly string[];
}

function graphOfChoices(main: readonly Choice[], functions: readonly (readonly Choice[])[]): RandomGraph {
  const pool: Pool = { floats: ['x', 'w/read'], truths: ['flag'], handles: [], references: ['w'] };
  const start = [placeholder('x'), placeholder('flag', boolType), refVariable('w', float, 2), identity('w/read', 'w')];
  const nodes = [...start, ...nodesOf(main, pool)];
  const y = floatNode('AddV2', 'y', pool.floats.at(-1) as string, pool.floats.at(-2) as string);
  const bodies = Object.fromEntries(
    functions.map((choices, index) => [
      index < 3 ? `f${index}` : `h${index - 3}`,
      functionOfChoices(choices, index < 3 ? float : resource),
    ]),
  );
  const cond: FunctionLiteral = {
    inputs: { a: float },
    outputs: { r: boolType },
    nodes: [constant('no', boolType, [], { bool_val: [false] })],
    returns: { r: 'no:output:0' },
  };
  const library = libraryOf({ ...bodies, cond });
  return { graph: { node: [...nodes, y], library }, variables: [...pool.references, ...pool.handles] };
}

const choice: fc.Arbitrary<Choice> = fc.record({
  kind: fc.nat(kinds.length - 1),
  reads: fc.array(fc.nat(40), { minLength: 5, maxLength: 5 }),
  number: fc.oneof(fc.nat(8), fc.nat()),
});

export const randomGraph: fc.Arbitrary<RandomGraph> = fc
  .tuple(
    fc.array(choice, { maxLength: 24 }),
    fc.array(fc.array(choice, { maxLength: 5 }), { minLength: 6, maxLength: 6 }),
  )
  .map(([main, functions]) => graphOfChoices(main, functions));

export function encodeGraph({ graph }: RandomGraph): Uint8Array {
  return encode('GraphDef', graph);
}
