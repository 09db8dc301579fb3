/**
 * The nodes of a graph or of a function's body as they stand in its bytes: one array a property, since a graph may have
 * very many. Of each, name, op and device are decoded, and where its inputs come from; whoever wants more reads the bytes.
 */
import { readText, wireReader } from '../proto/wire-reader.js';
import { tag } from '../proto/wire-writer.js';
import { inputNode } from './edges.js';
import { type EncodedNode, nodeFields } from './encoded-node.js';
import type { Names } from './names.js';

const tags = {
  name: tag(nodeFields.name),
  op: tag(nodeFields.op),
  input: tag(nodeFields.input),
  device: tag(nodeFields.device),
} as const;

/** What of a node is always decoded. */
export interface NodeHead {
  readonly name: string;
  readonly op: string;
  readonly device: string;
}

export class EncodedNodes {
  /** Node i is bytes `starts[i]` to `ends[i]` of the source. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /** Numbers of names. */
  readonly names: number[] = [];
  /** By input, the number of the name that it comes from. */
  readonly producers: number[] = [];
  /** The inputs of node i are those from `firstInputs[i]` to `firstInputs[i + 1]`. */
  readonly firstInputs: number[] = [0];

  /** @param source must not change afterwards. */
  constructor(
    readonly source: Uint8Array,
    readonly numbering: Names,
  ) {}

  /**
   * Takes in the NodeDef that fills bytes `start` to `end`.
   * @throws RangeError where the bytes are no NodeDef.
   */
  add(start: number, end: number): NodeHead {
    const { numbering, producers } = this;
    const reader = wireReader(this.source, start, end);
    let name = '';
    let op = '';
    let device = '';
    while (reader.pos < end) {
      const next = reader.uint32();
      if (next === tags.name) name = readText(reader);
      else if (next === tags.op) op = readText(reader);
      else if (next === tags.input) producers.push(numbering.number(inputNode(readText(reader))));
      else if (next === tags.device) device = readText(reader);
      else reader.skipType(next & 7, 0, next >>> 3);
    }
    this.starts.push(start);
    this.ends.push(end);
    this.names.push(numbering.number(name));
    this.firstInputs.push(producers.length);
    return { name, op, device };
  }

  node(index: number): EncodedNode {
    return { source: this.source, start: this.starts[index] as number, end: this.ends[index] as number };
  }

  /** How the inputs of node `index` are written. */
  inputs(index: number): string[] {
    const count = (this.firstInputs[index + 1] as number) - (this.firstInputs[index] as number);
    const inputs: string[] = [];
    const reader = wireReader(this.source, this.starts[index], this.ends[index]);
    while (inputs.length < count) {
      const next = reader.uint32();
      if (next === tags.input) inputs.push(readText(reader));
      else reader.skipType(next & 7, 0, next >>> 3);
    }
    return inputs;
  }
}
