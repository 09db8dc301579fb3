/** What only a branch that is gone took for an argument need not be computed any more. */
import { readTypes, typesAttribute } from '../../../graph/attributes.js';
import { dataInputs, inputNode, isControlInput } from '../../../graph/edges.js';
import type { GraphFunction } from '../../../graph/function.js';
import type { GraphNode } from '../../../graph/node.js';
import { type AttrValue, messageType } from '../../../proto/types.js';

/** The numbers of the arguments that nothing in the function reads. */
export function unusedArguments(source: GraphFunction): ReadonlySet<number> {
  const read = new Set(source.nodes.flatMap(({ inputs }) => inputs.map(inputNode)));
  for (const tensor of source.returns.values()) read.add(inputNode(tensor));
  return new Set(source.inputs.flatMap(({ name }, index) => (read.has(name) ? [] : [index])));
}

/** @param dropped numbers of arguments. */
export function withoutArguments(source: GraphFunction, dropped: ReadonlySet<number>, name: string): GraphFunction {
  const isLeft = (_: unknown, index: number): boolean => !dropped.has(index);
  const numbers = source.inputs.map((_, index) => index).filter(isLeft);
  const notes = numbers.flatMap((before, index) => {
    const note = source.argumentAttributes.get(before);
    return note ? [[index, note] as const] : [];
  });
  const attributes = new Map(source.attributes);
  const shapes = attributes.get('_input_shapes');
  if (shapes) attributes.set('_input_shapes', withoutShapes(shapes, isLeft));
  return source.edit({ name, inputs: source.inputs.filter(isLeft), argumentAttributes: new Map(notes), attributes });
}

/** A call of a function without these arguments. */
export function withoutInputs(call: GraphNode, dropped: ReadonlySet<number>): GraphNode {
  const isLeft = (_: unknown, index: number): boolean => !dropped.has(index);
  const types = readTypes(call, 'Tin').filter(isLeft);
  const data = dataInputs(call).filter(isLeft);
  return call.edit({ inputs: [...data, ...call.inputs.filter(isControlInput)], set: { Tin: typesAttribute(types) } });
}

function withoutShapes(value: Uint8Array, isLeft: (shape: unknown, index: number) => boolean): Uint8Array {
  const type = messageType('AttrValue');
  const shapes = (type.decode(value) as AttrValue).list?.shape ?? [];
  return type.encode({ list: { shape: shapes.filter(isLeft) } }).finish();
}
