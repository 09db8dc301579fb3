/** What TensorFlow 2.21 knows of its ops: inputs, outputs and attributes. Parsed when an op is first asked for. */
import { type AttrValue, messageType } from '../proto/types.js';
import { readAttribute } from './attributes.js';
import type { GraphNode } from './node.js';
import { opDefaults } from './op-defaults.generated.js';
import { opRegistry } from './op-registry.generated.js';

/** One input or output, or a list of them. */
export interface OpArgument {
  readonly name: string;
  readonly isReference: boolean;
  /** The attribute that says how many there are; undefined: one, or as many as `types` lists. */
  readonly number: string | undefined;
  /** A DataType number; or the attribute that is the type, or that lists the types. */
  readonly type: { readonly fixed: number } | { readonly attribute: string } | { readonly list: string };
}

export interface OpAttribute {
  readonly name: string;
  /** As in an OpDef: `type`, `list(int)`, `func`… */
  readonly kind: string;
  readonly hasDefault: boolean;
  /** Of a number, or of the length of a list. */
  readonly minimum: number | undefined;
  /** DataType numbers, or texts. */
  readonly allowed: readonly string[] | undefined;
}

export interface OpSignature {
  readonly inputs: readonly OpArgument[];
  readonly outputs: readonly OpArgument[];
  readonly attributes: readonly OpAttribute[];
  /** It holds something from one run to the next, or touches what is outside: variables, random numbers, files. */
  readonly isStateful: boolean;
}

const parsed = new Map<string, OpSignature>();

/** @returns undefined for an op that TensorFlow 2.21 does not know. */
export function opSignature(op: string): OpSignature | undefined {
  const known = parsed.get(op);
  if (known) return known;
  const entry = Object.hasOwn(opRegistry, op) ? opRegistry[op] : undefined;
  if (!entry) return undefined;
  const [inputs, outputs, attributes, isStateful = false] = entry;
  const signature = {
    inputs: inputs.map(parseArgument),
    outputs: outputs.map(parseArgument),
    attributes: attributes.map(parseAttribute),
    isStateful,
  };
  parsed.set(op, signature);
  return signature;
}

/** `name:&N*[T]`; see `test/tensorflow/op_registry.py`. */
function parseArgument(text: string): OpArgument {
  const [, name = '', reference, number, type = ''] = /^(\w+):(&?)(?:(\w+)\*)?(.+)$/.exec(text) ?? [];
  return { name, isReference: reference === '&', number, type: parseType(type) };
}

function parseType(text: string): OpArgument['type'] {
  if (text.startsWith('=')) return { fixed: Number(text.slice(1)) };
  if (text.startsWith('[')) return { list: text.slice(1, -1) };
  return { attribute: text };
}

/** `name:kind?>=minimum in a,b`. */
function parseAttribute(text: string): OpAttribute {
  const [, name = '', kind = '', optional, minimum, allowed] =
    /^(\w+):([\w()]+)(\?)?(?:>=(-?\d+))?(?: in (.*))?$/.exec(text) ?? [];
  return {
    name,
    kind,
    hasDefault: optional === '?',
    minimum: minimum === undefined ? undefined : Number(minimum),
    allowed: allowed?.split(','),
  };
}

/**
 * The DataType numbers of the tensors that an argument of a node stands for.
 * @param most of them that are wanted.
 * @returns undefined where the node lacks the attribute that says so, or has a senseless one.
 */
export function argumentTypes(
  node: GraphNode,
  argument: OpArgument,
  most: number = Number.POSITIVE_INFINITY,
): readonly number[] | undefined {
  const { type } = argument;
  if ('list' in type) return attributeOf(node, type.list)?.list?.type?.slice(0, most);
  const each = 'fixed' in type ? type.fixed : attributeOf(node, type.attribute)?.type;
  const count = argumentCount(node, argument);
  if (each === undefined || count === undefined) return undefined;
  return Array.from({ length: Math.min(count, most) }, () => each);
}

/** How many tensors that are: a few bytes can say that there are very many. */
export function argumentCount(node: GraphNode, { type, number }: OpArgument): number | undefined {
  if ('list' in type) return attributeOf(node, type.list)?.list?.type?.length;
  const count = number === undefined ? 1 : attributeOf(node, number)?.i?.toNumber();
  return count === undefined || count < 0 || count > maxCount ? undefined : count;
}

const countsOfNodes = new WeakMap<GraphNode, OutputCounts>();

/** Undefined where the node does not say how many there are. */
type OutputCounts = readonly (number | undefined)[];

/** How many tensors each output of a node stands for; undefined for an op that is not known. Very many may ask of one node. */
export function outputCounts(node: GraphNode): OutputCounts | undefined {
  const outputs = opSignature(node.op)?.outputs;
  const isOne = ({ type, number }: OpArgument): boolean => number === undefined && !('list' in type);
  if (!outputs || outputs.every(isOne)) return outputs?.map(() => 1);
  const counts = countsOfNodes.get(node) ?? outputs.map((output) => argumentCount(node, output));
  countsOfNodes.set(node, counts);
  return counts;
}

/** The attribute of a node, or else the default of its op: exporters strip those. */
export function attributeOf(node: GraphNode, name: string): AttrValue | undefined {
  const own = readAttribute(node, name);
  const encoded = own || !Object.hasOwn(opDefaults, node.op) ? undefined : opDefaults[node.op]?.[name];
  if (encoded === undefined) return own;
  return messageType('AttrValue').decode(Buffer.from(encoded, 'hex')) as AttrValue;
}

/** More tensors than any node has. */
const maxCount = 65_536;
