/** Which output feeds which input, in all bodies, and what each edge carries. */
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import type { PlacementColumns } from '../../native-placement.js';
import type { Body } from './bodies.js';
import type { OpKind } from './op-kinds.js';
import { type DecodedShapes, tensorBytes } from './tensor-bytes.js';

/** By edge; nodes by their numbers. */
export type DataEdges = Pick<PlacementColumns, 'producers' | 'outputs' | 'consumers' | 'inputs' | 'bytes'>;

/** @param kindOf by the number of a node. */
export function dataEdges(bodies: readonly Body[], kindOf: (node: number) => OpKind): DataEdges {
  const most = bodies.reduce((sum, { wiring }) => sum + wiring.producers.length, 0);
  const edges = {
    producers: new Int32Array(most),
    outputs: new Int32Array(most),
    consumers: new Int32Array(most),
    inputs: new Int32Array(most),
    bytes: new Float64Array(most),
  };
  const shapes: DecodedShapes = new Map();
  let count = 0;
  for (const body of bodies) {
    const sizes = new OutputSizes(body, kindOf, shapes);
    body.nodes.forEach((node, position) => {
      const start = body.wiring.firstInputs[position] as number;
      node.inputs.forEach((text, input) => {
        const source = body.wiring.sourceOf(start + input);
        if (source < 0 || isControlInput(text)) return;
        const output = outputNumber(body, text, () => kindOf(body.first + source));
        edges.producers[count] = body.first + source;
        edges.outputs[count] = output;
        edges.consumers[count] = body.first + position;
        edges.inputs[count] = input;
        edges.bytes[count] = sizes.of(source, output);
        count++;
      });
    });
  }
  return {
    producers: edges.producers.subarray(0, count),
    outputs: edges.outputs.subarray(0, count),
    consumers: edges.consumers.subarray(0, count),
    inputs: edges.inputs.subarray(0, count),
    bytes: edges.bytes.subarray(0, count),
  };
}

/** In a body, an output has a name and, where that stands for several, an index among them. */
function outputNumber(body: Body, text: string, kindOf: () => OpKind): number {
  if (body.function === undefined) return parseInput(text).port;
  const [, name, index = '0'] = text.split(':');
  const first = kindOf().outputs.findIndex(({ argument }) => argument === name);
  return Math.max(first, 0) + Number(index);
}

/** Several may read an output; what it carries is worked out once. */
class OutputSizes {
  /** By output, then by position. */
  readonly #known: (number | undefined)[][] = [];

  constructor(
    private readonly body: Body,
    private readonly kindOf: (node: number) => OpKind,
    private readonly shapes: DecodedShapes,
  ) {}

  of(position: number, output: number): number {
    this.#known[output] ??= [];
    const row = this.#known[output];
    const known = row[position];
    if (known !== undefined) return known;
    const { dtype = 0 } = this.kindOf(this.body.first + position).outputs[output] ?? {};
    const bytes = tensorBytes(this.body.nodes[position] as GraphNode, output, dtype, this.shapes);
    row[position] = bytes;
    return bytes;
  }
}
