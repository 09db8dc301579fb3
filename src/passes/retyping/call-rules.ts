/** The ops that call functions: which of their inputs the functions get, and what changes in the node with them. */
import { readAttribute, readTypes, typesAttribute } from '../../graph/attributes.js';
import { functionsNamedBy } from '../../graph/function-references.js';
import type { FunctionLibrary } from '../../graph/library.js';
import type { GraphNode } from '../../graph/node.js';
import { type AttrValue, messageType, type TensorShapeProto } from '../../proto/types.js';
import { bytesField, readFields } from '../../proto/wire-fields.js';
import type { Value } from './value-rules.js';

/** Functions, and the neighbouring inputs that they get. */
export interface CallRow {
  /** Type lists, one after the other, of these inputs. */
  readonly types: readonly string[];
  /** How many inputs come before them: so many, and those of the type lists `after`. */
  readonly first: number;
  readonly after?: readonly string[];
  /** Attributes that name functions. */
  readonly functions: readonly string[];
  /** The type list of the results, where a handle can come back through it. */
  readonly results?: string;
  /** What the functions return: `inputs`: a loop's next arguments; `gradients`: one for each argument. */
  readonly returns?: 'inputs' | 'gradients';
  /** The inputs are the last of the functions' arguments, not the first: elements of a dataset come before them. */
  readonly trailing?: boolean;
}

const call: CallRow = { types: ['Tin'], first: 0, functions: ['f'], results: 'Tout' };
const branch: CallRow = { ...call, first: 1, functions: ['then_branch', 'else_branch'] };
const choice: CallRow = { ...call, first: 1, functions: ['branches'] };
const loop: CallRow = { types: ['T'], first: 0, functions: ['body', 'cond'], results: 'T', returns: 'inputs' };
const dataset: CallRow = { types: ['Targuments'], first: 1, functions: ['f'], trailing: true };
const filter: CallRow = { ...dataset, functions: ['predicate'] };
const fold: CallRow = { ...dataset, after: ['Tstate'] };

/** Each function of a grouping has a list of its own: of the types `Tkey_func_other_arguments`, and so on. */
function grouping(...functions: readonly string[]): CallRow[] {
  const lists = functions.map((name) => `T${name}_other_arguments`);
  return functions.map((name, index) => ({
    ...dataset,
    types: [lists[index] as string],
    after: lists.slice(0, index),
    functions: [name],
  }));
}

const groupByWindow = grouping('key_func', 'reduce_func', 'window_size_func');
const groupByReducer = grouping('key_func', 'init_func', 'reduce_func', 'finalize_func');

const callRows: ReadonlyMap<string, readonly CallRow[]> = new Map<string, readonly CallRow[]>([
  ['PartitionedCall', [call]],
  ['StatefulPartitionedCall', [call]],
  ['RemoteCall', [{ ...call, first: 1 }]],
  ['SymbolicGradient', [{ ...call, returns: 'gradients' }]],
  ['If', [branch]],
  ['StatelessIf', [branch]],
  ['Case', [choice]],
  ['StatelessCase', [choice]],
  ['While', [loop]],
  ['StatelessWhile', [loop]],
  ['MapDefun', [{ types: ['Targuments', 'Tcaptured'], first: 0, functions: ['f'] }]],
  ['BatchFunction', [{ types: ['Tin', 'Tcaptured'], first: 0, functions: ['f'] }]],
  ['MapDataset', [dataset]],
  ['ParallelMapDataset', [dataset]],
  ['ParallelMapDatasetV2', [dataset]],
  ['MapAndBatchDataset', [dataset]],
  ['FlatMapDataset', [dataset]],
  ['InterleaveDataset', [dataset]],
  ['ParallelInterleaveDataset', [dataset]],
  ['ParallelInterleaveDatasetV2', [dataset]],
  ['ParallelInterleaveDatasetV3', [dataset]],
  ['ParallelInterleaveDatasetV4', [dataset]],
  ['LegacyParallelInterleaveDatasetV2', [dataset]],
  ['FilterDataset', [filter]],
  ['ParallelFilterDataset', [filter]],
  ['TakeWhileDataset', [filter]],
  ['ReduceDataset', [fold]],
  ['ScanDataset', [fold]],
  ['GroupByWindowDataset', groupByWindow],
  ['GroupByReducerDataset', groupByReducer],
  // What TensorFlow 1.13 and 1.14 called them.
  ['ExperimentalMapDataset', [dataset]],
  ['ExperimentalMapAndBatchDataset', [dataset]],
  ['ExperimentalParallelInterleaveDataset', [dataset]],
  ['ExperimentalTakeWhileDataset', [filter]],
  ['ExperimentalScanDataset', [fold]],
  ['ExperimentalGroupByWindowDataset', groupByWindow],
  ['ExperimentalGroupByReducerDataset', groupByReducer],
]);

/**
 * The ops whose functions TensorFlow's tool goes through for every value that was read from a reference variable, to drop
 * shapes that it need not drop.
 */
export const followedForValues: ReadonlySet<string> = new Set([
  ...['PartitionedCall', 'StatefulPartitionedCall', 'If', 'StatelessIf', 'Case', 'While', 'StatelessWhile'],
]);

/** The op of such a node is the name of the function: the calls of the first versions. */
const namedCall: CallRow = { types: [], first: 0, functions: [] };

/** Empty for a node that calls nothing. */
export function callRowsOf(node: GraphNode, library: FunctionLibrary): readonly CallRow[] {
  return callRows.get(node.op) ?? (library.byName.has(node.op) ? [namedCall] : []);
}

/** From `start` on, up to and without `end`. */
export interface HandedInputs {
  readonly start: number;
  readonly end: number;
}

/** The inputs of a node that its functions get. */
export function handedInputs(node: GraphNode, row: CallRow): HandedInputs {
  const start = row.first + lengthOf(node, row.after ?? []);
  return { start, end: row === namedCall ? node.inputs.length : start + lengthOf(node, row.types) };
}

/**
 * What the place of one of those inputs and that of the argument that it becomes differ by.
 * @param handed as `handedInputs` gives it.
 * @param count of the function's arguments.
 */
export function argumentOffset(row: CallRow, handed: HandedInputs, count: number): number {
  return row.trailing ? count - handed.end : -handed.start;
}

function lengthOf(node: GraphNode, lists: readonly string[]): number {
  return lists.reduce((sum, name) => sum + readTypes(node, name).length, 0);
}

export interface CalledFunction {
  readonly attribute: string;
  readonly name: string;
}

/** The functions that a node calls, in the order of its attributes. */
export function calledFunctions(node: GraphNode, row: CallRow): CalledFunction[] {
  if (row === namedCall) return [{ attribute: '', name: node.op }];
  return row.functions.flatMap((attribute) => functionsNamedBy(node, attribute).map((name) => ({ attribute, name })));
}

/** The node with other functions in the place of those that it calls, in the same order. */
export function withFunctions(node: GraphNode, row: CallRow, names: readonly string[]): GraphNode {
  if (row === namedCall) return node.edit({ op: names[0] as string });
  const left = [...names];
  const set: Record<string, Uint8Array> = {};
  for (const attribute of row.functions) {
    const value = node.attribute(attribute);
    if (value) set[attribute] = renamedFunctions(value, () => left.shift() as string);
  }
  return node.edit({ set });
}

/** Field numbers of AttrValue, of its ListValue, and of NameAttrList. */
const attributeFields = { list: 1, func: 10 } as const;
const listFields = { func: 9 } as const;
const nameField = 1;

function renamedFunctions(value: Uint8Array, next: () => string): Uint8Array {
  // The last name counts.
  const rename = (func: Uint8Array): Uint8Array => Buffer.concat([func, bytesField(nameField, Buffer.from(next()))]);
  const mapFields = (message: Uint8Array, number: number, change: (payload: Uint8Array) => Uint8Array): Uint8Array =>
    Buffer.concat(
      readFields(message).map((field) =>
        field.number === number && field.payload ? bytesField(number, change(field.payload)) : field.bytes,
      ),
    );
  return mapFields(mapFields(value, attributeFields.func, rename), attributeFields.list, (list) =>
    mapFields(list, listFields.func, rename),
  );
}

/** The node with the types of the values that have come to it, and of those that leave it. */
export function withTypes(
  node: GraphNode,
  row: CallRow,
  arrived: ReadonlyMap<number, Value>,
  returns: ReadonlyMap<number, Value>,
): GraphNode {
  let typed = node;
  let first = handedInputs(node, row).start;
  for (const attribute of row.types) {
    typed = withListedTypes(typed, attribute, new Map(Array.from(arrived, ([input, value]) => [input - first, value])));
    first += lengthOf(node, [attribute]);
  }
  if (row.results === undefined || row.returns === 'inputs') return typed;
  return withListedTypes(typed, row.results, returns);
}

/** The node with the types of the values in a list of types, by their places in it. */
export function withListedTypes(node: GraphNode, attribute: string, values: ReadonlyMap<number, Value>): GraphNode {
  if (values.size === 0) return node;
  const types = [...readTypes(node, attribute)];
  for (const [index, { dtype }] of values) if (index in types) types[index] = dtype;
  return node.edit({ set: { [attribute]: typesAttribute(types) } });
}

/** A loop also says which shapes its variables have, those of handles being the shapes of what they hold. */
export function withLoopShapes(node: GraphNode, arrived: ReadonlyMap<number, Value>, tfParity: boolean): GraphNode {
  const shaped = withShapes(node, 'output_shapes', arrived);
  // TensorFlow's tool leaves this behind by looking for it.
  if (!tfParity || shaped.attributes.has('output_shapes')) return shaped;
  return shaped.edit({ set: { output_shapes: new Uint8Array(0) } });
}

/** What was inferred of a handle is not true of the value, and TensorFlow refuses the graph for it. */
export function withInferredShapes(node: GraphNode, returns: ReadonlyMap<number, Value>): GraphNode {
  return withShapes(withShapes(node, '_output_shapes', returns), 'output_shapes', returns);
}

function withShapes(node: GraphNode, attribute: string, values: ReadonlyMap<number, Value>): GraphNode {
  const shapes = [...(readAttribute(node, attribute)?.list?.shape ?? [])];
  if (shapes.length === 0 || values.size === 0) return node;
  for (const [index, { shape }] of values) if (index in shapes) shapes[index] = shapeOf(shape);
  return node.edit({ set: { [attribute]: encoded({ list: { shape: shapes } }) } });
}

function shapeOf(sizes: readonly number[]): TensorShapeProto {
  return messageType('TensorShapeProto').fromObject({
    dim: sizes.map((size) => ({ size })),
  }) as unknown as TensorShapeProto;
}

function encoded(value: AttrValue): Uint8Array {
  return messageType('AttrValue').encode(value).finish();
}
