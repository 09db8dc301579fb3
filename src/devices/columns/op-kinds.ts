/**
 * Which ops a graph has, with the types that they have in its nodes: what targets are asked about, once each, however many
 * nodes there are of a kind.
 */
import { readAttribute, readType } from '../../graph/attributes.js';
import type { FunctionArgument } from '../../graph/function.js';
import type { FunctionLibrary } from '../../graph/library.js';
import type { GraphNode } from '../../graph/node.js';
import { argumentTypes, type OpArgument, opSignature } from '../../graph/op-signature.js';
import { beyond, limits } from '../../limits.js';
import { asBuffer } from '../../proto/as-buffer.js';
import { referenceOffset } from '../../proto/data-types.js';

export interface KindTensor {
  /** Its name in the OpDef. */
  readonly argument: string;
  /** DataType number, 100 above for a reference. */
  readonly dtype: number;
}

export interface OpKind {
  readonly op: string;
  /** The type attributes: one dtype, or as many as are listed. */
  readonly types: readonly { readonly attribute: string; readonly dtypes: readonly number[] }[];
  /** Inputs of data, in their order; none for an op that is in no registry and is no function. */
  readonly inputs: readonly KindTensor[];
  readonly outputs: readonly KindTensor[];
}

/** What tells the kinds of one op apart. */
interface OpRow {
  /** Undefined for an op that is in no registry: then it is all attributes that hold types. */
  readonly telling: Telling | undefined;
  /** Of its kinds, by their keys. */
  readonly numbers: Map<number | string, number>;
}

interface Telling {
  /** Attributes of one type. */
  readonly types: readonly string[];
  /** Lists of types, and how many inputs or outputs there are. */
  readonly others: readonly string[];
}

/** DataTypes have numbers below, references too; a damaged graph may have any. */
const typeBits = 8;

/** So many types fit into a number. */
const mostTypes = 6;

/** To so many nodes that a graph may have, its kinds of ops may have one input or output. */
const nodesOfTensor = 4;

export class OpKinds {
  readonly list: OpKind[] = [];
  readonly #rows = new Map<string, OpRow>();
  /** Inputs and outputs of all kinds. */
  #tensors = 0;

  constructor(private readonly library: FunctionLibrary) {}

  /** @throws PermafrostError GRAPH_MALFORMED where an attribute is none; LIMIT_EXCEEDED */
  numberOf(node: GraphNode): number {
    const { telling, numbers } = this.#rowOf(node.op);
    const key = (telling && keyOfTypes(node, telling)) ?? keyOf(node, telling);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const kind = this.#kindOf(node, telling);
    this.#count(kind);
    const number = this.list.push(kind) - 1;
    numbers.set(key, number);
    return number;
  }

  /** A few bytes of each node can say that it is of another kind, which has tens of thousands. */
  #count({ inputs, outputs }: OpKind): void {
    this.#tensors += inputs.length + outputs.length;
    const most = limits().nodes / nodesOfTensor;
    if (this.#tensors <= most) return;
    throw beyond('nodes', `The kinds of ops in the graph have more than ${most} inputs and outputs`);
  }

  #rowOf(op: string): OpRow {
    const known = this.#rows.get(op);
    if (known) return known;
    const row = { telling: tellingOf(op), numbers: new Map<number | string, number>() };
    this.#rows.set(op, row);
    return row;
  }

  #kindOf(node: GraphNode, telling: Telling | undefined): OpKind {
    const names = telling ? [...telling.types, ...telling.others] : typeAttributesOf(node);
    const types = names.flatMap((attribute) => {
      const value = readAttribute(node, attribute);
      const dtypes = value?.list ? value.list.type : value?.type ? [value.type] : undefined;
      return dtypes ? [{ attribute, dtypes }] : [];
    });
    const called = this.library.byName.get(node.op);
    const { inputs, outputs } = called ?? {};
    if (inputs && outputs)
      return { op: node.op, types, inputs: inputs.map(ofArgument), outputs: outputs.map(ofArgument) };
    const signature = opSignature(node.op);
    return {
      op: node.op,
      types,
      inputs: signature?.inputs.flatMap((each) => tensorsOf(node, each)) ?? [],
      outputs: signature?.outputs.flatMap((each) => tensorsOf(node, each)) ?? [],
    };
  }
}

function tellingOf(op: string): Telling | undefined {
  const signature = opSignature(op);
  if (!signature) return undefined;
  const { attributes } = signature;
  const counts = new Set([...signature.inputs, ...signature.outputs].map(({ number }) => number));
  const isOther = (name: string, kind: string): boolean => kind === 'list(type)' || counts.has(name);
  return {
    types: attributes.flatMap(({ name, kind }) => (kind === 'type' ? name : [])),
    others: attributes.flatMap(({ name, kind }) => (isOther(name, kind) ? name : [])),
  };
}

/** Of nodes that a few types tell apart, as nearly all are: the types as one number. Undefined for others. */
function keyOfTypes(node: GraphNode, { types, others }: Telling): number | undefined {
  if (others.length > 0 || types.length > mostTypes) return undefined;
  let key = 0;
  for (const name of types) {
    const type = readType(node, name);
    if (type < 0 || type >= 1 << typeBits) return undefined;
    key = key * (1 << typeBits) + type;
  }
  return key;
}

/** Types as numbers, others as they are encoded: two encodings of one value make two kinds, which does no harm. */
function keyOf(node: GraphNode, telling: Telling | undefined): string {
  let key = '';
  for (const name of telling?.types ?? []) key += `\0${readType(node, name)}`;
  for (const name of telling?.others ?? typeAttributesOf(node)) {
    const value = node.attribute(name);
    // With its length, so that no two lists of values make one key.
    key += value ? `\0${name}:${value.length}:${latin1(value)}` : '\0';
  }
  return key;
}

function latin1(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}

/** Of an op that is in no registry: the attributes that hold types. */
function typeAttributesOf(node: GraphNode): string[] {
  return [...node.attributes.keys()].filter((name) => {
    const value = readAttribute(node, name);
    return value?.type || (value?.list?.type ?? []).length > 0;
  });
}

function ofArgument({ name, type }: FunctionArgument): KindTensor {
  return { argument: name, dtype: type };
}

function tensorsOf(node: GraphNode, argument: OpArgument): KindTensor[] {
  const base = argument.isReference ? referenceOffset : 0;
  return (argumentTypes(node, argument) ?? []).map((dtype) => ({ argument: argument.name, dtype: base + dtype }));
}
