/** What the table of differences asks of a node. */
import { readAttribute, readBytes, readType, shapeSizes } from '../../../graph/attributes.js';
import { dataInputs, parseInput } from '../../../graph/edges.js';
import type { Graph } from '../../../graph/graph.js';
import { throughIdentities } from '../../../graph/identities.js';
import type { GraphNode } from '../../../graph/node.js';
import type { TensorShapeProto } from '../../../proto/types.js';
import { constantNumbers } from '../constant-numbers.js';

/** Sizes, -1 for one that is open; undefined where not even their number is known. */
export type KnownShape = readonly number[] | undefined;

export interface ShapeSource {
  /** @param input as it stands in a node. */
  of(input: string | undefined): KnownShape;
}

export class NodeFacts {
  constructor(
    private readonly node: GraphNode,
    private readonly graph: Graph,
    private readonly shapes: ShapeSource,
    /** Numbers of the outputs that something takes. */
    readonly outputs: ReadonlySet<number>,
  ) {}

  get op(): string {
    return this.node.op;
  }

  /** How many it has of data. */
  get inputs(): number {
    return dataInputs(this.node).length;
  }

  /** The node that an input comes from. */
  producer(input: number): NodeFacts | undefined {
    const node = this.#producer(this.node.inputs[input]);
    return node && new NodeFacts(node, this.graph, this.shapes, new Set());
  }

  /** The DataType number in an attribute. */
  type(attribute: string): number {
    return readType(this.node, attribute);
  }

  flag(attribute: string): boolean {
    return readAttribute(this.node, attribute)?.b === true;
  }

  int(attribute: string): number {
    return readAttribute(this.node, attribute)?.i?.toNumber() ?? 0;
  }

  ints(attribute: string): readonly number[] {
    return (readAttribute(this.node, attribute)?.list?.i ?? []).map((each) => each.toNumber());
  }

  /** One character a byte. */
  text(attribute: string): string {
    return Buffer.from(readBytes(this.node, attribute) ?? []).toString('latin1');
  }

  /** The shape in an attribute. */
  sizes(attribute: string): KnownShape {
    return sizesOf(readAttribute(this.node, attribute)?.shape);
  }

  /** Of the tensor in the attribute `value`. */
  get sizesOfValue(): KnownShape {
    return sizesOf(readAttribute(this.node, 'value')?.tensor?.tensor_shape);
  }

  shape(input: number): KnownShape {
    return this.shapes.of(this.node.inputs[input]);
  }

  /** The numbers of an input that is a constant, as far as `constantNumbers` has them. */
  constant(input: number): readonly number[] | undefined {
    return constantNumbers(throughIdentities(this.graph, this.node.inputs[input] ?? '')?.node);
  }

  #producer(input: string | undefined): GraphNode | undefined {
    return input === undefined ? undefined : this.graph.byName.get(parseInput(input).node);
  }
}

function sizesOf(shape: TensorShapeProto | null | undefined): KnownShape {
  return !shape || shape.unknown_rank ? undefined : shapeSizes(shape);
}
