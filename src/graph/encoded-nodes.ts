/**
 * The nodes of a graph or of a function's body as they stand in its bytes: one array a property, since a graph may have
 * very many. Of each, op and device are decoded, and where its inputs come from; whoever wants more reads the bytes.
 */
import { asBuffer } from '../proto/as-buffer.js';
import { WireCursor } from '../proto/wire-cursor.js';
import { isText } from '../proto/wire-reader.js';
import { tag } from '../proto/wire-writer.js';
import { portAt } from './edges.js';
import { type EncodedNode, FieldWalk, findAttribute, nodeFields } from './encoded-node.js';
import { Names } from './names.js';

const tags = {
  name: tag(nodeFields.name),
  op: tag(nodeFields.op),
  input: tag(nodeFields.input),
  device: tag(nodeFields.device),
  attribute: tag(nodeFields.attr),
} as const;

/** Bytes, as a guess: a graph of many nodes has few large constants. */
const usualNodeSize = 200;

/** Bytes; a library may have thousands of functions that are smaller. */
const fewWords = 1_000;

/** From here on, the table of names grows as it must. */
const manyNodes = 1 << 18;

const caret = '^'.charCodeAt(0);

/** Is given an encoded AttrValue: bytes `start` to `end`. */
export type ValueVisit = (source: Uint8Array, start: number, end: number) => void;

/** What of a node is always decoded. */
export interface NodeHead {
  readonly op: string;
  readonly device: string;
}

export class EncodedNodes {
  /** Of the nodes, and of what their inputs come from. */
  readonly numbering: Names;
  /** Node i is bytes `starts[i]` to `ends[i]` of the source. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /** Numbers of names. */
  readonly names: number[] = [];
  /** By input, the number of the name that it comes from. */
  readonly producers: number[] = [];
  /** The inputs of node i are those from `firstInputs[i]` to `firstInputs[i + 1]`. */
  readonly firstInputs: number[] = [0];
  /** No attribute of node i begins before. */
  readonly #firstAttributes: number[] = [];

  readonly #source: Buffer;
  /** Ops and devices, which come again and again; undefined where there are too few for that to be worth a table. */
  readonly #wordNumbers: Names | undefined;
  readonly #words: string[] = [];
  readonly #pairs = new Map<number, Uint8Array>();
  readonly #fields: FieldWalk;

  /** @param source must not change afterwards. */
  constructor(source: Uint8Array) {
    this.#source = asBuffer(source);
    this.numbering = new Names(this.#source, Math.min(source.length / usualNodeSize, manyNodes));
    this.#wordNumbers = source.length < fewWords ? undefined : new Names(this.#source, 0);
    this.#fields = new FieldWalk(this.#source);
  }

  /**
   * Takes in the NodeDef that fills bytes `start` to `end`.
   * @throws RangeError where the bytes are no NodeDef.
   */
  add(start: number, end: number): NodeHead {
    const { numbering, producers } = this;
    const cursor = new WireCursor(this.#source, start, end);
    let nameStart = start;
    let nameEnd = start;
    let op = '';
    let device = '';
    let firstAttribute = -1;
    while (!cursor.isAtEnd) {
      const fieldStart = cursor.at;
      const next = cursor.varint();
      if (next === tags.attribute && firstAttribute < 0) firstAttribute = fieldStart;
      if (next !== tags.name && next !== tags.op && next !== tags.input && next !== tags.device) {
        cursor.skip(next);
        continue;
      }
      const fieldEnd = cursor.payloadEnd();
      if (next === tags.name) {
        nameStart = cursor.at;
        nameEnd = fieldEnd;
      } else if (next === tags.input) producers.push(this.#producerAt(cursor.at, fieldEnd));
      else if (next === tags.op) op = this.#wordAt(cursor.at, fieldEnd);
      else device = this.#wordAt(cursor.at, fieldEnd);
      cursor.at = fieldEnd;
    }
    this.starts.push(start);
    this.ends.push(end);
    this.names.push(numbering.numberAt(nameStart, nameEnd));
    this.firstInputs.push(producers.length);
    this.#firstAttributes.push(firstAttribute < 0 ? end : firstAttribute);
    return { op, device };
  }

  name(index: number): string {
    return this.numbering.text(this.names[index] as number);
  }

  node(index: number): EncodedNode {
    return { source: this.#source, start: this.starts[index] as number, end: this.ends[index] as number };
  }

  /** Most nodes are asked for one attribute or two, which is not worth a map of all. */
  attribute(index: number, name: string): Uint8Array | undefined {
    const fields = this.#fields.enter(this.#firstAttributes[index] as number, this.ends[index] as number);
    return findAttribute(fields, name) ? this.#value(fields.valueStart, fields.valueEnd) : undefined;
  }

  /** Visits the values of the attributes of node `index`, but for those of these names. */
  forEachValue(index: number, but: readonly string[], visit: ValueVisit): void {
    const fields = this.#fields.enter(this.#firstAttributes[index] as number, this.ends[index] as number);
    while (fields.next()) {
      if (!fields.isAttribute || but.some((name) => fields.hasKey(name))) continue;
      visit(this.#source, fields.valueStart, fields.valueEnd);
    }
  }

  /** Appends the numbers of the names that the inputs of node `index` come from. */
  wire(index: number, producers: number[]): void {
    const end = this.firstInputs[index + 1] as number;
    for (let input = this.firstInputs[index] as number; input < end; input++) {
      producers.push(this.producers[input] as number);
    }
  }

  /** How the inputs of node `index` are written. */
  inputs(index: number): string[] {
    const inputs: string[] = [];
    this.#forEachInput(index, (start, end) => inputs.push(this.#source.toString('utf8', start, end)));
    return inputs;
  }

  /** Appends for each input of node `index` which output it is. */
  ports(index: number, ports: number[]): void {
    this.#forEachInput(index, (start, end) => ports.push(portAt(this.#source, start, end)));
  }

  #forEachInput(index: number, visit: (start: number, end: number) => void): void {
    let left = (this.firstInputs[index + 1] as number) - (this.firstInputs[index] as number);
    const cursor = new WireCursor(this.#source, this.starts[index] as number, this.ends[index] as number);
    while (left > 0) {
      const next = cursor.varint();
      if (next !== tags.input) {
        cursor.skip(next);
        continue;
      }
      const end = cursor.payloadEnd();
      visit(cursor.at, end);
      cursor.at = end;
      left--;
    }
  }

  /** Types, truth values and empty texts have two bytes: one array for all that are equal. */
  #value(start: number, end: number): Uint8Array {
    const source = this.#source;
    if (end - start !== 2) return source.subarray(start, end);
    const pair = ((source[start] as number) << 8) | (source[start + 1] as number);
    const known = this.#pairs.get(pair) ?? source.subarray(start, end);
    this.#pairs.set(pair, known);
    return known;
  }

  /** As `inputNode`, of the input that is bytes `start` to `end`. */
  #producerAt(start: number, end: number): number {
    const source = this.#source;
    const first = source[start] === caret && start < end ? start + 1 : start;
    return this.numbering.numberBeforeColon(first, end);
  }

  #wordAt(start: number, end: number): string {
    if (!this.#wordNumbers) return textAt(this.#source, start, end);
    const number = this.#wordNumbers.numberAt(start, end);
    this.#words[number] ??= this.#source.toString('utf8', start, end);
    return this.#words[number];
  }
}

/** @throws RangeError where it is not UTF-8. */
function textAt(source: Buffer, start: number, end: number): string {
  if (!isText(source, start, end)) throw new RangeError('text that is not UTF-8');
  return source.toString('utf8', start, end);
}
