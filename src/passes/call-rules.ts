/** The ops that call functions: which of their inputs the functions get, and what changes in the node with them. */
import { readAttribute, typesAttribute } from '../graph/attributes.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { GraphNode } from '../graph/node.js';
import { type AttrValue, messageType, type TensorShapeProto } from '../proto/types.js';
import { bytesField, readFields } from '../proto/wire-fields.js';
import type { Value } from './value-rules.js';

export interface CallRow {
  /** Type lists, one after the other, of the inputs from `first` on. */
  readonly types: readonly string[];
  /** How many inputs come before those that the functions get. */
  readonly first: number;
  /** Attributes that name functions. */
  readonly functions: readonly string[];
  /** The type list of the results, where a handle can come back through it. */
  readonly results?: string;
  /** What the functions return: `inputs`: a loop's next arguments; `gradients`: one for each argument. */
  readonly returns?: 'inputs' | 'gradients';
  /** The inputs are the last of the functions' arguments, not the first. */
  readonly trailing?: boolean;
}

const call: CallRow = { types: ['Tin'], first: 0, functions: ['f'], results: 'Tout' };
const branch: CallRow = { ...call, first: 1, functions: ['then_branch', 'else_branch'] };
const choice: CallRow = { ...call, first: 1, functions: ['branches'] };
const loop: CallRow = { types: ['T'], first: 0, functions: ['body', 'cond'], results: 'T', returns: 'inputs' };
const dataset: CallRow = { types: ['Targuments'], first: 1, functions: ['f'], trailing: true };

export const callRows: ReadonlyMap<string, CallRow> = new Map([
  ['PartitionedCall', call],
  ['StatefulPartitionedCall', call],
  ['RemoteCall', { ...call, first: 1 }],
  ['SymbolicGradient', { ...call, returns: 'gradients' }],
  ['If', branch],
  ['StatelessIf', branch],
  ['Case', choice],
  ['StatelessCase', choice],
  ['While', loop],
  ['StatelessWhile', loop],
  ['MapDefun', { types: ['Targuments', 'Tcaptured'], first: 0, functions: ['f'] }],
  ['BatchFunction', { types: ['Tin', 'Tcaptured'], first: 0, functions: ['f'] }],
  ['MapDataset', dataset],
  ['ParallelMapDataset', dataset],
  ['ParallelMapDatasetV2', dataset],
  ['FlatMapDataset', dataset],
  ['InterleaveDataset', dataset],
  ['FilterDataset', { ...dataset, functions: ['predicate'] }],
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

export function callRow(node: GraphNode, library: FunctionLibrary): CallRow | undefined {
  return callRows.get(node.op) ?? (library.byName.has(node.op) ? namedCall : undefined);
}

export interface CalledFunction {
  readonly attribute: string;
  readonly name: string;
}

/** The functions that a node calls, in the order of its attributes. */
export function calledFunctions(node: GraphNode, row: CallRow): CalledFunction[] {
  if (row === namedCall) return [{ attribute: '', name: node.op }];
  return row.functions.flatMap((attribute) => {
    const value = readAttribute(node, attribute);
    const functions = value?.func ? [value.func] : (value?.list?.func ?? []);
    return functions.map(({ name = '' }) => ({ attribute, name }));
  });
}

/** The node with other functions in the place of those that it calls, in the same order. */
export function withFunctions(node: GraphNode, row: CallRow, names: readonly string[]): GraphNode {
  if (row === namedCall) return node.edit({ op: names[0] as string });
  const left = [...names];
  const attributes = new Map(node.attributes);
  for (const attribute of row.functions) {
    const value = node.attribute(attribute);
    if (value)
      attributes.set(
        attribute,
        renamedFunctions(value, () => left.shift() as string),
      );
  }
  return node.edit({ attributes });
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
  const attributes = new Map(node.attributes);
  let first = row.first;
  for (const attribute of row.types) {
    const types = [...(readAttribute(node, attribute)?.list?.type ?? [])];
    for (const [input, { dtype }] of arrived) if (input - first in types) types[input - first] = dtype;
    attributes.set(attribute, typesAttribute(types));
    first += types.length;
  }
  if (row.results !== undefined && row.returns !== 'inputs' && returns.size > 0) {
    const types = [...(readAttribute(node, row.results)?.list?.type ?? [])];
    for (const [port, { dtype }] of returns) if (port in types) types[port] = dtype;
    attributes.set(row.results, typesAttribute(types));
  }
  return node.edit({ attributes });
}

/** A loop also says which shapes its variables have, those of handles being the shapes of what they hold. */
export function withLoopShapes(node: GraphNode, arrived: ReadonlyMap<number, Value>, tfParity: boolean): GraphNode {
  const shapes = [...(readAttribute(node, 'output_shapes')?.list?.shape ?? [])];
  const attributes = new Map(node.attributes);
  if (shapes.length > 0) {
    for (const [input, { shape }] of arrived) if (input in shapes) shapes[input] = shapeOf(shape);
    attributes.set('output_shapes', encoded({ list: { shape: shapes } }));
  } else if (tfParity && !attributes.has('output_shapes')) {
    // TensorFlow's tool leaves this behind by looking for it.
    attributes.set('output_shapes', new Uint8Array(0));
  }
  return node.edit({ attributes });
}

function shapeOf(sizes: readonly number[]): TensorShapeProto {
  return messageType('TensorShapeProto').fromObject({
    dim: sizes.map((size) => ({ size })),
  }) as unknown as TensorShapeProto;
}

function encoded(value: AttrValue): Uint8Array {
  return messageType('AttrValue').encode(value).finish();
}
