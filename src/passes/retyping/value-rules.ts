/**
 * What becomes of an op when its input turns from a variable into a value: one row an op. A row passes the value on,
 * reads it, or is missing, and then the op either takes values anyway or cannot be frozen.
 */
import { intAttribute, readAttribute, readType, scalarAttribute, typeAttribute } from '../../graph/attributes.js';
import { constantNode } from '../../graph/constant-node.js';
import { inputNode, isControlInput, type Notation } from '../../graph/edges.js';
import { freeName } from '../../graph/free-name.js';
import { type Attribute, GraphNode } from '../../graph/node.js';
import { DataType } from '../../proto/data-types.js';

/** What an edge carried before it carried a value. */
export type EdgeKind =
  /** A resource handle: only ops with a row can take a value in its place. */
  | 'handle'
  /** A reference: ops that do not write through it take a value as well. */
  | 'reference'
  /** A value all along; followed only to drop what is stale. */
  | 'value';

/** What an edge carries where it carried a variable's handle or reference. */
export interface Value {
  /** The variable that it was. */
  readonly variable: string;
  /** DataType number. */
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly kind: EdgeKind;
}

export interface Rewrite {
  readonly node: GraphNode;
  /** New nodes that the rewritten one needs; they go to the end of the graph. */
  readonly added?: readonly GraphNode[];
  /** What now leaves the node as a value, by how many of its first outputs; undefined: nothing that matters downstream. */
  readonly passesOn?: { readonly kind: EdgeKind; readonly outputs: number };
  /** What its output was called, where that was not `output` as it is now. */
  readonly renamedOutput?: string;
}

/** How a value reaches a node. */
export interface Arriving {
  readonly kind: EdgeKind;
  /** DataType number of the value. */
  readonly dtype: number;
  /** How many loops it has come into (through Enter). */
  readonly loopDepth: number;
  /** Which node names are in use. */
  readonly taken: (name: string) => boolean;
  /** How inputs are written here. */
  readonly notation: Notation;
  /** Leave out what TensorFlow's tool leaves out. */
  readonly tfParity: boolean;
}

/** Undefined: the op stays as it is. */
export type Rule = (node: GraphNode, value: Arriving) => Rewrite | undefined;

/**
 * Takes the value's type and hands it on. Shapes that were inferred for the handle are dropped, as TensorFlow does.
 * The twin without `Ref` has the same inputs and outputs.
 */
function passOn(outputs: number, twin?: string): Rule {
  return (node, { dtype, kind }) => {
    const type = readType(node, 'T') === dtype ? {} : { T: typeAttribute(dtype) };
    // What leaves an op that takes plain values was a value already; a handle stays one, and so does a reference.
    const next = kind === 'reference' && twin === undefined ? 'value' : kind;
    return {
      node: node.edit({ op: twin ?? node.op, set: { ...type, _output_shapes: undefined } }),
      passesOn: { kind: next, outputs },
    };
  };
}

/**
 * A Merge of handles or references becomes one of values (whether all its inputs do is checked at the end); a Merge of
 * values is none of our business.
 */
function merge(twin?: string): Rule {
  const pass = passOn(1, twin);
  return (node, value) =>
    value.kind === 'value' || (value.kind === 'reference' && !twin) ? undefined : pass(node, value);
}

/** A read is the value itself. */
const readVariable: Rule = (node, { tfParity }) => ({
  node: rebuilt(node, 'Identity', [0], { T: 'dtype', _class: '_class' }, tfParity),
  renamedOutput: 'value',
});

const gatherNd: Rule = (node, { tfParity }) => ({
  node: rebuilt(node, 'GatherNd', [0, 1], { Tparams: 'dtype', Tindices: 'Tindices', _class: '_class' }, tfParity),
});

/** ResourceGather gathers along the axis after its batch dimensions; GatherV2 wants that axis as an input. */
const gather: Rule = (node, { loopDepth, taken, notation, tfParity }) => {
  const batchDims = readAttribute(node, 'batch_dims')?.i?.toNumber() ?? 0;
  const name = freeName(`${node.name}/axis`, taken);
  const axis = axisConstant(name, loopAnchor(loopDepth, node.inputs[1]), readType(node, 'Tindices'), batchDims);
  const renamed = { Tparams: 'dtype', Tindices: 'Tindices', Taxis: 'Tindices', _class: '_class' };
  const plain = rebuilt(node, 'GatherV2', [0, 1], renamed, tfParity);
  const [params, indices, ...controls] = plain.inputs;
  const inputs = [params, indices, notation.output(axis.name), ...controls].filter((input) => input !== undefined);
  return {
    node: plain.edit({ inputs, set: batchDims === 0 ? {} : { batch_dims: intAttribute(batchDims) } }),
    added: [axis],
  };
};

/** The shape of a value is the shape that its handle has. */
const shape: Rule = (node, { dtype, tfParity }) => {
  const plain = rebuilt(node, 'Shape', [0], { out_type: 'out_type', _class: '_class' }, tfParity);
  return { node: plain.edit({ set: { T: typeAttribute(dtype) } }) };
};

/** A variable that was restored is initialised. Control inputs stay: they say when the answer is there. */
const initialized: Rule = (node, { loopDepth }) => ({
  node: constantNode(node.name, DataType.bool, scalarAttribute({ dtype: DataType.bool, bool_val: [true] }), [
    ...loopAnchor(loopDepth, node.inputs[0]),
    ...node.inputs.filter(isControlInput),
  ]),
  renamedOutput: 'is_initialized',
});

/** A constant joins a loop's frame only through an input that is in it. */
function loopAnchor(loopDepth: number, input: string | undefined): string[] {
  return loopDepth > 0 && input !== undefined ? [`^${inputNode(input)}`] : [];
}

/** By op. Each takes the variable as its first input, a merge as any of them. */
export const valueRules: ReadonlyMap<string, Rule> = new Map([
  ['Identity', passOn(1)],
  ['Enter', passOn(1)],
  ['Exit', passOn(1)],
  ['NextIteration', passOn(1)],
  ['Switch', passOn(2)],
  ['Merge', merge()],
  ['RefMerge', merge('Merge')],
  ['RefIdentity', passOn(1, 'Identity')],
  ['RefEnter', passOn(1, 'Enter')],
  ['RefExit', passOn(1, 'Exit')],
  ['RefNextIteration', passOn(1, 'NextIteration')],
  ['RefSwitch', passOn(2, 'Switch')],
  ['ReadVariableOp', readVariable],
  ['ResourceGather', gather],
  ['ResourceGatherNd', gatherNd],
  ['VariableShape', shape],
  ['VarIsInitializedOp', initialized],
  ['IsVariableInitialized', initialized],
]);

/**
 * A node of that name with the chosen inputs of the old one, and the attributes `{ new name: old name }`. TensorFlow's
 * tool drops the control inputs with everything else; they say what has to run before.
 */
function rebuilt(
  node: GraphNode,
  op: string,
  inputs: readonly number[],
  renamed: Readonly<Record<string, string>>,
  tfParity: boolean,
): GraphNode {
  const attributes = new Map<string, Attribute>();
  for (const [to, from] of Object.entries(renamed)) {
    const value = node.attributes.get(from);
    if (value !== undefined) attributes.set(to, value);
  }
  const data = inputs.flatMap((index) => node.inputs[index] ?? []);
  const controls = tfParity ? [] : node.inputs.filter(isControlInput);
  return GraphNode.create(node.name, op, [...data, ...controls], attributes);
}

function axisConstant(name: string, inputs: readonly string[], dtype: number, value: number): GraphNode {
  const field = dtype === DataType.int64 ? { int64_val: [value] } : { int_val: [value] };
  return constantNode(name, dtype, scalarAttribute({ dtype, ...field }), inputs);
}
