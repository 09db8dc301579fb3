/**
 * One function of a graph's library: a signature, a body of nodes, and which of the body's tensors it returns. Decoded
 * when somebody looks into it, which for most functions of a SavedModel (training, saving) nobody does. Like nodes,
 * functions are immutable, and one that nobody edited is written as it was read.
 *
 * In a body, an input is written `argument`, `node:output_name:index` or, for control, `^node`.
 */
import { asBuffer } from '../proto/as-buffer.js';
import { decoding } from '../proto/decoding.js';
import { bytesField, eachField, numberEntry, readFields, textEntry, varintField } from '../proto/wire-fields.js';
import { readText, wireReader } from '../proto/wire-reader.js';
import { tag } from '../proto/wire-writer.js';
import { encodeNode } from './encode-node.js';
import { EncodedNodes } from './encoded-nodes.js';
import { type Names, refuseLongName } from './names.js';
import { GraphNode } from './node.js';
import { Wiring } from './wiring.js';

/** An argument or a result. */
export interface FunctionArgument {
  readonly name: string;
  /** DataType number; 0 where an attribute of the call decides. */
  readonly type: number;
  /** The encoded ArgDef, with all that is not decoded here. */
  readonly encoded: Uint8Array;
}

/** Field numbers. */
const functionFields = { signature: 1, node: 3, ret: 4, attr: 5, controlRet: 6, argAttr: 7 } as const;
const functionFieldNames: ReadonlyMap<number, keyof typeof functionFields> = new Map(
  Object.entries(functionFields).map(([name, number]) => [number, name as keyof typeof functionFields]),
);
const signatureFields = { name: 1, inputArg: 2, outputArg: 3, controlOutput: 20 } as const;
const argumentFields = { name: 1, type: 3 } as const;
const entry = { key: 1, value: 2 } as const;

interface FunctionParts {
  readonly name: string;
  readonly inputs: readonly FunctionArgument[];
  readonly outputs: readonly FunctionArgument[];
  readonly nodes: readonly GraphNode[];
  /** Those of the body as it was read. */
  readonly names: Names;
  /** By the name of a result: the tensor of the body that it is. */
  readonly returns: ReadonlyMap<string, string>;
  /** By the name of a control output: the node of the body that it is. */
  readonly controlReturns: ReadonlyMap<string, string>;
  /** Encoded AttrValues by name. */
  readonly attributes: ReadonlyMap<string, Uint8Array>;
  /** Encoded ArgAttrs by the number of the argument. */
  readonly argumentAttributes: ReadonlyMap<number, Uint8Array>;
  /** Everything else in the signature and in the function, encoded with its tags. */
  readonly signatureRest: readonly Uint8Array[];
  readonly rest: readonly Uint8Array[];
}

export type FunctionEdit = Partial<Omit<FunctionParts, 'names' | 'signatureRest' | 'rest'>>;

export class GraphFunction {
  #parts: FunctionParts | undefined;
  /** What there is instead, once somebody has looked: thousands of calls may ask. */
  #fault: unknown;
  #wiring: Wiring | undefined;
  #outputNumbers: ReadonlyMap<string, number> | undefined;

  private constructor(
    readonly name: string,
    private readonly encoded: Uint8Array | undefined,
    parts: FunctionParts | undefined,
  ) {
    this.#parts = parts;
  }

  /**
   * @param encoded a FunctionDef; the function refers to it, so it must not change afterwards.
   * @throws RangeError where the bytes are no FunctionDef; PermafrostError LIMIT_EXCEEDED for its name.
   */
  static decode(encoded: Uint8Array): GraphFunction {
    let name = '';
    for (const { number, payload } of eachField(encoded)) {
      if (number === functionFields.signature && payload) name = nameIn(payload) ?? name;
    }
    return new GraphFunction(name, encoded, undefined);
  }

  /** @throws PermafrostError GRAPH_MALFORMED, as does everything below that looks into the function. */
  get inputs(): readonly FunctionArgument[] {
    return this.#decoded().inputs;
  }

  get outputs(): readonly FunctionArgument[] {
    return this.#decoded().outputs;
  }

  /** By the names of the results: of two of one name, that of the first. */
  get outputNumbers(): ReadonlyMap<string, number> {
    this.#outputNumbers ??= new Map(this.outputs.map(({ name }, index) => [name, index] as const).reverse());
    return this.#outputNumbers;
  }

  get nodes(): readonly GraphNode[] {
    return this.#decoded().nodes;
  }

  /** Of the body; an argument has a number, and no position. */
  get wiring(): Wiring {
    if (this.#wiring) return this.#wiring;
    const { nodes, names, inputs } = this.#decoded();
    for (const { name } of inputs) names.number(name);
    this.#wiring = new Wiring(nodes, names);
    return this.#wiring;
  }

  get returns(): ReadonlyMap<string, string> {
    return this.#decoded().returns;
  }

  get controlReturns(): ReadonlyMap<string, string> {
    return this.#decoded().controlReturns;
  }

  get attributes(): ReadonlyMap<string, Uint8Array> {
    return this.#decoded().attributes;
  }

  get argumentAttributes(): ReadonlyMap<number, Uint8Array> {
    return this.#decoded().argumentAttributes;
  }

  /** The same function, where its body is of these nodes already. */
  withNodes(nodes: readonly GraphNode[]): GraphFunction {
    const isSame = nodes.length === this.nodes.length && nodes.every((node, index) => node === this.nodes[index]);
    return isSame ? this : this.edit({ nodes });
  }

  edit(changes: FunctionEdit): GraphFunction {
    const parts = { ...this.#decoded(), ...changes };
    return new GraphFunction(parts.name, undefined, parts);
  }

  /** The FunctionDef as read, or as edited. */
  encode(): Uint8Array {
    if (this.encoded) return this.encoded;
    const parts = this.#decoded();
    const signature = [
      bytesField(signatureFields.name, Buffer.from(parts.name)),
      ...parts.inputs.map((argument) => bytesField(signatureFields.inputArg, argument.encoded)),
      ...parts.outputs.map((argument) => bytesField(signatureFields.outputArg, argument.encoded)),
      ...parts.signatureRest.filter((bytes) => !isLostControl(bytes, parts.controlReturns)),
    ];
    return Buffer.concat([
      bytesField(functionFields.signature, Buffer.concat(signature)),
      ...parts.nodes.map((node) => bytesField(functionFields.node, encodeNode(node))),
      ...Array.from(parts.returns, ([key, value]) => textEntry(functionFields.ret, key, Buffer.from(value))),
      ...Array.from(parts.attributes, ([key, value]) => textEntry(functionFields.attr, key, value)),
      ...Array.from(parts.controlReturns, ([key, value]) =>
        textEntry(functionFields.controlRet, key, Buffer.from(value)),
      ),
      ...Array.from(parts.argumentAttributes, ([key, value]) => numberEntry(functionFields.argAttr, key, value)),
      ...parts.rest,
    ]);
  }

  #decoded(): FunctionParts {
    if (this.#parts) return this.#parts;
    if (this.#fault) throw this.#fault;
    try {
      this.#parts = decoding(
        () => `The function '${this.name}'`,
        () => decodeParts(this.name, this.encoded as Uint8Array),
      );
      return this.#parts;
    } catch (error) {
      this.#fault = error;
      throw error;
    }
  }
}

/** The argument with another type. */
export function retyped(argument: FunctionArgument, type: number): FunctionArgument {
  // The last of several values of a field counts.
  const encoded = Buffer.concat([argument.encoded, varintField(argumentFields.type, type)]);
  return { ...argument, type, encoded };
}

/** Whether a field of the signature names a control output that an edit has taken away. */
function isLostControl(bytes: Uint8Array, controlReturns: ReadonlyMap<string, string>): boolean {
  const [field] = readFields(bytes);
  return (
    field?.number === signatureFields.controlOutput && !controlReturns.has(text(field.payload ?? new Uint8Array(0)))
  );
}

/** @param signature or a piece of one. */
function nameIn(signature: Uint8Array): string | undefined {
  let name: string | undefined;
  for (const { number, payload } of eachField(signature)) {
    if (number !== signatureFields.name || !payload) continue;
    refuseLongName('A function', asBuffer(payload), 0, payload.length);
    name = text(payload);
  }
  return name;
}

/** Field by field, of which there may be very many. */
function decodeParts(name: string, encoded: Uint8Array): FunctionParts {
  const pieces: Uint8Array[] = [];
  const source = new EncodedNodes(encoded);
  const nodes: GraphNode[] = [];
  const entries: Record<'ret' | 'attr' | 'controlRet' | 'argAttr', Uint8Array[]> = {
    ret: [],
    attr: [],
    controlRet: [],
    argAttr: [],
  };
  const rest: Uint8Array[] = [];
  for (const { number, payload, bytes } of eachField(encoded)) {
    const field = functionFieldNames.get(number);
    if (!field) rest.push(bytes);
    else if (!payload) continue;
    else if (field === 'signature') pieces.push(payload);
    else if (field === 'node') {
      const start = payload.byteOffset - encoded.byteOffset;
      nodes.push(GraphNode.decode(source, start, start + payload.length));
    } else entries[field].push(payload);
  }
  return {
    name,
    // A signature in several pieces means their merge.
    ...signatureParts(pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces)),
    nodes,
    names: source.numbering,
    returns: new Map(entries.ret.map(textPair)),
    controlReturns: mapOf(entries.controlRet.map(textPair)),
    attributes: mapOf(entries.attr.map(entryPair).map(([key, value]) => [text(key), value])),
    argumentAttributes: mapOf(entries.argAttr.map(numberPair)),
    rest,
  };
}

function signatureParts(signature: Uint8Array): Pick<FunctionParts, 'inputs' | 'outputs' | 'signatureRest'> {
  const inputs: FunctionArgument[] = [];
  const outputs: FunctionArgument[] = [];
  const signatureRest: Uint8Array[] = [];
  for (const { number, payload, bytes } of eachField(signature)) {
    if (number === signatureFields.inputArg || number === signatureFields.outputArg) {
      if (payload) (number === signatureFields.inputArg ? inputs : outputs).push(decodeArgument(payload));
    } else if (number !== signatureFields.name) signatureRest.push(bytes);
  }
  return { inputs, outputs, signatureRest };
}

const nothing: ReadonlyMap<never, never> = new Map<never, never>();

/** Of very many functions, most have none of some of these, and share one map. */
function mapOf<Key, Value>(entries: readonly (readonly [Key, Value])[]): ReadonlyMap<Key, Value> {
  return entries.length === 0 ? nothing : new Map(entries);
}

function decodeArgument(encoded: Uint8Array): FunctionArgument {
  const reader = wireReader(encoded);
  let name = '';
  let type = 0;
  while (reader.pos < reader.len) {
    const next = reader.uint32();
    if (next === tag(argumentFields.name)) name = readText(reader);
    else if (next === tag(argumentFields.type, 0)) type = reader.int32();
    else reader.skipType(next & 7, 0, next >>> 3);
  }
  return { name, type, encoded };
}

/** Key and value of a map's entry; an absent one is empty. */
function entryPair(encoded: Uint8Array): [Uint8Array, Uint8Array] {
  const fields = readFields(encoded);
  const last = (number: number): Uint8Array =>
    fields.filter((field) => field.number === number).at(-1)?.payload ?? new Uint8Array(0);
  return [last(entry.key), last(entry.value)];
}

function textPair(encoded: Uint8Array): [string, string] {
  const [key, value] = entryPair(encoded);
  return [text(key), text(value)];
}

function numberPair(encoded: Uint8Array): [number, Uint8Array] {
  const reader = wireReader(encoded);
  let key = 0;
  while (reader.pos < reader.len) {
    const next = reader.uint32();
    if (next === tag(entry.key, 0)) key = reader.uint32();
    else reader.skipType(next & 7, 0, next >>> 3);
  }
  return [key, entryPair(encoded)[1]];
}

function text(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('utf8');
}
