/**
 * Which node each input comes from, as numbers: what passes go by that walk a whole graph or a function's body. A name
 * has a number (`names.ts`), and a node a position, its place among the nodes.
 */
import type { Names } from './names.js';
import type { GraphNode } from './node.js';

export class Wiring {
  /** By input, all nodes' inputs back to back: the number of the name that it comes from. */
  readonly producers: readonly number[];
  /** The inputs of the node at position i are those from `firstInputs[i]` to `firstInputs[i + 1]`. */
  readonly firstInputs: Int32Array;
  /** By position: the number of the node's name. */
  readonly numbers: Int32Array;
  /** By number of a name: the position of the node, of several the first; -1 where there is none. */
  readonly positions: Int32Array;

  #readers: Readers | undefined;

  constructor(
    readonly nodes: readonly GraphNode[],
    private readonly names: Names,
  ) {
    const producers: number[] = [];
    this.producers = producers;
    this.firstInputs = new Int32Array(nodes.length + 1);
    this.numbers = new Int32Array(nodes.length);
    for (let position = 0; position < nodes.length; position++) {
      this.numbers[position] = (nodes[position] as GraphNode).wire(names, producers);
      this.firstInputs[position + 1] = producers.length;
    }
    this.positions = new Int32Array(names.size).fill(-1);
    for (let position = nodes.length - 1; position >= 0; position--) {
      this.positions[this.numbers[position] as number] = position;
    }
  }

  get(name: string): GraphNode | undefined {
    const position = this.positionOf(name);
    return position < 0 ? undefined : this.nodes[position];
  }

  has(name: string): boolean {
    return this.positionOf(name) >= 0;
  }

  *keys(): Generator<string> {
    for (const { name } of this.nodes) yield name;
  }

  /** -1 where there is no such node. */
  positionOf(name: string): number {
    return this.#positionOfNumber(this.names.find(name));
  }

  /** The same for the name that is bytes `start` to `end`. */
  positionAt(bytes: Uint8Array, start: number, end: number): number {
    return this.#positionOfNumber(this.names.findAt(bytes, start, end));
  }

  /** Whether the name of that number is empty, or has anything but printable ASCII. */
  isSpecial(number: number): boolean {
    return this.names.isSpecial(number);
  }

  #positionOfNumber(number: number): number {
    return number < 0 || number >= this.positions.length ? -1 : (this.positions[number] as number);
  }

  /** The position of the node that an input comes from, by the input's place in `producers`; -1 where there is none. */
  sourceOf(input: number): number {
    return this.positions[this.producers[input] as number] as number;
  }

  /** The same for each input of a node, by the node's position. */
  sourcesOf(position: number): number[] {
    const sources: number[] = [];
    const end = this.firstInputs[position + 1] as number;
    for (let input = this.firstInputs[position] as number; input < end; input++) sources.push(this.sourceOf(input));
    return sources;
  }

  /** Of a name; -1 for one that never came up. */
  numberOf(name: string): number {
    return this.names.find(name);
  }

  /** Visits who has an input, of data or of control, from what the name of that number stands for; in the nodes' order. */
  forEachReader(number: number, visit: (position: number, input: number) => void): void {
    this.#readers ??= readersOf(this.producers, this.firstInputs, this.positions.length);
    const { first, readers, inputs } = this.#readers;
    for (let at = first[number] ?? 0; at < (first[number + 1] ?? 0); at++) {
      const position = readers[at] as number;
      visit(position, (inputs[at] as number) - (this.firstInputs[position] as number));
    }
  }
}

/** The inputs ordered by the name that they come from. */
interface Readers {
  /** Those from the name of number i are at `first[i]` to `first[i + 1]` of what follows. */
  readonly first: Int32Array;
  /** Positions of nodes. */
  readonly readers: Int32Array;
  /** Places in `producers`. */
  readonly inputs: Int32Array;
}

function readersOf(producers: readonly number[], firstInputs: Int32Array, names: number): Readers {
  const first = new Int32Array(names + 1);
  for (const producer of producers) first[producer + 1] = (first[producer + 1] as number) + 1;
  for (let number = 0; number < names; number++) {
    first[number + 1] = (first[number + 1] as number) + (first[number] as number);
  }
  const next = first.slice();
  const readers = new Int32Array(producers.length);
  const inputs = new Int32Array(producers.length);
  for (let position = 0, input = 0; position < firstInputs.length - 1; position++) {
    for (; input < (firstInputs[position + 1] as number); input++) {
      const producer = producers[input] as number;
      const at = next[producer] as number;
      next[producer] = at + 1;
      readers[at] = position;
      inputs[at] = input;
    }
  }
  return { first, readers, inputs };
}
