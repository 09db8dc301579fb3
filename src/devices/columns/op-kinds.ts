/**
 * Which ops a graph has, with the types that they have in its nodes: what targets are asked about, once each, however many
 * nodes there are of a kind.
 */
import { readAttribute, readType } from '../../graph/attributes.js';
import type { FunctionArgument } from '../../graph/function.js';
import type { FunctionLibrary } from '../../graph/library.js';
import type { GraphNode } from '../../graph/node.js';
import { argumentTypes, type OpArgument, opSignature } from '../../graph/op-signature.js';
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

/** The attributes of an op that tell its kinds apart. */
interface Telling {
  readonly types: readonly string[];
  /** Lists of types, and how many inputs or outputs there are. */
  readonly others: readonly string[];
}

export class OpKinds {
  readonly list: OpKind[] = [];
  readonly #numbers = new Map<string, number>();
  /** By op: the attributes that tell its kinds apart; undefined: all. */
  readonly #telling = new Map<string, Telling | undefined>();

  constructor(private readonly library: FunctionLibrary) {}

  /** @throws PermafrostError GRAPH_MALFORMED where an attribute is none. */
  numberOf(node: GraphNode): number {
    const key = this.#keyOf(node);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.list.push(this.#kindOf(node)) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** Types as numbers, others as they are encoded: two encodings of one value make two kinds, which does no harm. */
  #keyOf(node: GraphNode): string {
    const telling = this.#tellingOf(node.op);
    let key = node.op;
    for (const name of telling?.types ?? []) key += `\0${readType(node, name)}`;
    for (const name of telling?.others ?? typeAttributesOf(node)) {
      const value = node.attribute(name);
      // With its length, so that no two lists of values make one key.
      key += value ? `\0${name}:${value.length}:${latin1(value)}` : '\0';
    }
    return key;
  }

  #tellingOf(op: string): Telling | undefined {
    if (this.#telling.has(op)) return this.#telling.get(op);
    const signature = opSignature(op);
    const counts = new Set([...(signature?.inputs ?? []), ...(signature?.outputs ?? [])].map(({ number }) => number));
    const telling = signature && {
      types: signature.attributes.filter(({ kind }) => kind === 'type').map(({ name }) => name),
      others: signature.attributes
        .filter(({ name, kind }) => kind === 'list(type)' || counts.has(name))
        .map(({ name }) => name),
    };
    this.#telling.set(op, telling);
    return telling;
  }

  #kindOf(node: GraphNode): OpKind {
    const telling = this.#tellingOf(node.op);
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

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
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
