/** GraphDefs written as object literals, and frozen graphs read back as such. */
import { decodeGraph } from '../../src/graph/decode.js';
import type { Graph } from '../../src/graph/graph.js';
import { type MessageName, messageType } from '../../src/proto/types.js';

/** DataType numbers. */
export const float = 1;
export const int32Type = 3;
export const stringType = 7;
export const int64Type = 9;
export const boolType = 10;
export const resource = 20;
/** Of references: 100 above the type's own. */
export const floatRef = 101;

export interface NodeLiteral {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly device?: string;
  /** By name: an AttrValue as an object. */
  readonly attr?: Readonly<Record<string, object>>;
}

export const typeAttr = (type: number): object => ({ type });
export const intAttr = (i: number): object => ({ i });
export const textAttr = (text: string): object => ({ s: Buffer.from(text) });
export const shapeAttr = (...sizes: number[]): object => ({ shape: { dim: sizes.map((size) => ({ size })) } });
export const unknownRank: object = { shape: { unknown_rank: true } };
export const stringsAttr = (...texts: string[]): object => ({ list: { s: texts.map((text) => Buffer.from(text)) } });
export const stringTensor = (...texts: string[]): object => ({
  tensor: {
    dtype: stringType,
    tensor_shape: { dim: [{ size: texts.length }] },
    string_val: texts.map((text) => Buffer.from(text)),
  },
});

export function encode(type: MessageName, message: object): Uint8Array {
  const bytes = messageType(type);
  return bytes.encode(bytes.fromObject(message)).finish();
}

export function graphDef(nodes: readonly NodeLiteral[], more: object = {}): Uint8Array {
  return encode('GraphDef', { node: nodes, ...more });
}

export function graphOf(nodes: readonly NodeLiteral[], more: object = {}): Graph {
  return decodeGraph(graphDef(nodes, more), 'the test graph');
}

/** A node of a decoded graph; `attr` holds AttrValues as plain objects, numbers for enums and int64. */
export interface NodeView {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly device: string;
  readonly attr: Readonly<Record<string, object>>;
}

export interface GraphView {
  readonly names: readonly string[];
  readonly nodes: ReadonlyMap<string, NodeView>;
}

export function viewGraphDef(bytes: Uint8Array): GraphView {
  const type = messageType('GraphDef');
  const plain = type.toObject(type.decode(bytes), { longs: Number }) as {
    node?: (Partial<NodeView> & { name: string })[];
  };
  const nodes = (plain.node ?? []).map((node) => ({ op: '', input: [], device: '', attr: {}, ...node }));
  return { names: nodes.map(({ name }) => name), nodes: new Map(nodes.map((node) => [node.name, node])) };
}

/** A reference variable and what reads it. */
export function refVariable(name: string, dtype: number, ...shape: number[]): NodeLiteral {
  return { name, op: 'VariableV2', attr: { dtype: typeAttr(dtype), shape: shapeAttr(...shape) } };
}

export function handleVariable(name: string, dtype: number, ...shape: number[]): NodeLiteral {
  return {
    name,
    op: 'VarHandleOp',
    attr: { dtype: typeAttr(dtype), shape: shapeAttr(...shape), shared_name: textAttr(name) },
  };
}

export function identity(name: string, input: string, dtype: number = float): NodeLiteral {
  return { name, op: 'Identity', input: [input], attr: { T: typeAttr(dtype) } };
}

export function readVariable(name: string, handle: string, dtype: number = float): NodeLiteral {
  return { name, op: 'ReadVariableOp', input: [handle], attr: { dtype: typeAttr(dtype) } };
}

/** A node whose attribute `T` is float32. */
export function floatNode(op: string, name: string, ...input: string[]): NodeLiteral {
  return { name, op, input, attr: { T: typeAttr(float) } };
}

export function placeholder(name: string, dtype: number = float): NodeLiteral {
  return { name, op: 'Placeholder', attr: { dtype: typeAttr(dtype) } };
}
