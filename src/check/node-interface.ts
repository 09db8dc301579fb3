/** The tensors that go into a node and come out of it, by its op or the function that it calls by name. */
import type { FunctionArgument, GraphFunction } from '../graph/function.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { GraphNode } from '../graph/node.js';
import { type OpArgument, opSignature } from '../graph/op-signature.js';
import { readFields } from '../proto/wire-fields.js';
import type { NodeAttributes } from './node-attributes.js';
import { type Port, Ports } from './ports.js';

export interface NodeInterface {
  readonly inputs: Ports;
  readonly outputs: Ports;
}

/** References to a type have numbers of their own. */
const referenceOffset = 100;

/** @returns undefined where the op is unknown, or lacks an attribute that says how many tensors there are. */
export function nodeInterface(
  node: GraphNode,
  attributes: NodeAttributes,
  library: FunctionLibrary,
): NodeInterface | undefined {
  const called = library.byName.get(node.op);
  if (called) return functionInterface(called);
  const signature = opSignature(node.op);
  if (!signature) return undefined;
  const inputs = portsOf(signature.inputs, attributes);
  const outputs = portsOf(signature.outputs, attributes);
  return inputs && outputs && { inputs, outputs };
}

function portsOf(args: readonly OpArgument[], attributes: NodeAttributes): Ports | undefined {
  const ports: Port[] = [];
  for (const argument of args) {
    const port = portOf(argument, attributes);
    if (!port) return undefined;
    ports.push(port);
  }
  return new Ports(ports);
}

function portOf({ name, type, number, isReference }: OpArgument, attributes: NodeAttributes): Port | undefined {
  const offset = isReference ? referenceOffset : 0;
  if ('list' in type) {
    const value = attributes.get(type.list);
    if (value?.kind !== 'list') return undefined;
    const types = value.list.types.map((each) => each + offset);
    return { name, count: types.length, types };
  }
  const value = 'fixed' in type ? undefined : attributes.get(type.attribute);
  const single = 'fixed' in type ? type.fixed : value?.kind === 'type' ? value.number : 0;
  const types = [single === 0 ? 0 : single + offset];
  if (number === undefined) return { name, count: 1, types };
  const count = attributes.get(number);
  if (count?.kind !== 'int' || count.number < 0) return undefined;
  return { name, count: count.number, types };
}

/** Thousands of nodes may call a function of thousands of arguments. */
const interfaces = new WeakMap<GraphFunction, { readonly known: NodeInterface | undefined }>();

/** @returns undefined for a function some of whose arguments are lists, as long as the call says. */
export function functionInterface(called: GraphFunction): NodeInterface | undefined {
  const before = interfaces.get(called);
  if (before) return before.known;
  const inputs = singlePorts(called.inputs);
  const outputs = singlePorts(called.outputs);
  const known = inputs && outputs && { inputs, outputs };
  interfaces.set(called, { known });
  return known;
}

function singlePorts(args: readonly FunctionArgument[]): Ports | undefined {
  if (args.some(isList)) return undefined;
  // There are few types, and may be very many arguments.
  const known = new Map<number, readonly number[]>();
  const alone = (type: number): readonly number[] => {
    const types = known.get(type) ?? [type];
    known.set(type, types);
    return types;
  };
  return new Ports(args.map(({ name, type }) => ({ name, count: 1, types: alone(type) })));
}

/** Field numbers of ArgDef: the attributes that say how many tensors the argument is. */
const listFields: ReadonlySet<number> = new Set([5, 6]);

export function isList({ encoded }: FunctionArgument): boolean {
  return readFields(encoded).some(({ number, payload }) => listFields.has(number) && (payload?.length ?? 0) > 0);
}
