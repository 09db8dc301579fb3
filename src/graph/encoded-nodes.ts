/**
 * The nodes of a graph or of a function's body as they stand in its bytes: one array a property, since a graph may have
 * very many. Of each, name, op and device are decoded, and where its inputs come from; whoever wants more reads the bytes.
 */
import { payloadEnd, readText, wireReader } from '../proto/wire-reader.js';
import { tag } from '../proto/wire-writer.js';
import { type EncodedNode, nodeFields } from './encoded-node.js';
import { Names } from './names.js';

const tags = {
  name: tag(nodeFields.name),
  op: tag(nodeFields.op),
  input: tag(nodeFields.input),
  device: tag(nodeFields.device),
} as const;

const caret = '^'.charCodeAt(0);
const colon = ':'.charCodeAt(0);

/** What of a node is always decoded. */
export interface NodeHead {
  readonly name: string;
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

  readonly #source: Buffer;
  /** Ops and devices, which come again and again. */
  readonly #wordNumbers: Names;
  readonly #words: string[] = [];

  /** @param source must not change afterwards. */
  constructor(source: Uint8Array) {
    this.#source = Buffer.from(source.buffer, source.byteOffset, source.length);
    this.numbering = new Names(this.#source);
    this.#wordNumbers = new Names(this.#source);
  }

  /**
   * Takes in the NodeDef that fills bytes `start` to `end`.
   * @throws RangeError where the bytes are no NodeDef.
   */
  add(start: number, end: number): NodeHead {
    const { numbering, producers } = this;
    const reader = wireReader(this.#source, start, end);
    let [nameStart, nameEnd] = [start, start];
    let op = '';
    let device = '';
    while (reader.pos < end) {
      const next = reader.uint32();
      if (next === tags.name) {
        nameEnd = payloadEnd(reader);
        nameStart = reader.pos;
        reader.pos = nameEnd;
      } else if (next === tags.input) {
        const inputEnd = payloadEnd(reader);
        producers.push(this.#producerAt(reader.pos, inputEnd));
        reader.pos = inputEnd;
      } else if (next === tags.op || next === tags.device) {
        const wordEnd = payloadEnd(reader);
        const word = this.#wordAt(reader.pos, wordEnd);
        reader.pos = wordEnd;
        if (next === tags.op) op = word;
        else device = word;
      } else reader.skipType(next & 7, 0, next >>> 3);
    }
    this.starts.push(start);
    this.ends.push(end);
    this.names.push(numbering.numberAt(nameStart, nameEnd));
    this.firstInputs.push(producers.length);
    return { name: this.#source.toString('utf8', nameStart, nameEnd), op, device };
  }

  node(index: number): EncodedNode {
    return { source: this.#source, start: this.starts[index] as number, end: this.ends[index] as number };
  }

  /** How the inputs of node `index` are written. */
  inputs(index: number): string[] {
    const count = (this.firstInputs[index + 1] as number) - (this.firstInputs[index] as number);
    const inputs: string[] = [];
    const reader = wireReader(this.#source, this.starts[index], this.ends[index]);
    while (inputs.length < count) {
      const next = reader.uint32();
      if (next === tags.input) inputs.push(readText(reader));
      else reader.skipType(next & 7, 0, next >>> 3);
    }
    return inputs;
  }

  /** As `inputNode`, of the input that is bytes `start` to `end`. */
  #producerAt(start: number, end: number): number {
    const source = this.#source;
    const first = source[start] === caret && start < end ? start + 1 : start;
    let nameEnd = first;
    while (nameEnd < end && source[nameEnd] !== colon) nameEnd++;
    return this.numbering.numberAt(first, nameEnd);
  }

  #wordAt(start: number, end: number): string {
    const number = this.#wordNumbers.numberAt(start, end);
    this.#words[number] ??= this.#source.toString('utf8', start, end);
    return this.#words[number];
  }
}
