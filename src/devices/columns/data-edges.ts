/** Which output feeds which input, in all bodies, and what each edge carries. */
import { isControlInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import type { PlacementColumns } from '../../native-placement.js';
import type { Body } from './bodies.js';
import type { OpKind } from './op-kinds.js';
import { DecodedShapes, tensorBytes } from './tensor-bytes.js';

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
  const shapes = new DecodedShapes();
  let count = 0;
  for (const body of bodies) {
    const { wiring, first } = body;
    const ports = portsOf(body, kindOf);
    const sizes = new OutputSizes(body, kindOf, shapes);
    for (let position = 0; position < body.nodes.length; position++) {
      const start = wiring.firstInputs[position] as number;
      const end = wiring.firstInputs[position + 1] as number;
      for (let input = start; input < end; input++) {
        const source = wiring.sourceOf(input);
        const output = ports[input] as number;
        if (source < 0 || output < 0) continue;
        edges.producers[count] = first + source;
        edges.outputs[count] = output;
        edges.consumers[count] = first + position;
        edges.inputs[count] = input - start;
        edges.bytes[count] = sizes.of(source, output);
        count++;
      }
    }
  }
  return {
    producers: edges.producers.subarray(0, count),
    outputs: edges.outputs.subarray(0, count),
    consumers: edges.consumers.subarray(0, count),
    inputs: edges.inputs.subarray(0, count),
    bytes: edges.bytes.subarray(0, count),
  };
}

/** By input of the wiring: which output it is, -1 for one of control. */
function portsOf(body: Body, kindOf: (node: number) => OpKind): readonly number[] {
  const { nodes, wiring, first } = body;
  const ports: number[] = [];
  if (body.function === undefined) {
    for (const node of nodes) node.ports(ports);
    return ports;
  }
  const numbers = new Map<OpKind, ReadonlyMap<string, number>>();
  /** An output has a name and, where that stands for several, an index among them. A node may have very many. */
  const outputNumber = (text: string, kind: OpKind): number => {
    const known = numbers.get(kind) ?? firstNumbers(kind);
    numbers.set(kind, known);
    const [, name = '', index = '0'] = text.split(':');
    return (known.get(name) ?? 0) + Number(index);
  };
  for (const text of nodes.flatMap(({ inputs }) => inputs)) {
    const source = wiring.sourceOf(ports.length);
    ports.push(isControlInput(text) || source < 0 ? -1 : outputNumber(text, kindOf(first + source)));
  }
  return ports;
}

/** By name of an output: the number of the first that has it. */
function firstNumbers({ outputs }: OpKind): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const [number, { argument }] of outputs.entries()) if (!numbers.has(argument)) numbers.set(argument, number);
  return numbers;
}

/** Several may read what a node puts out; its shapes are looked up once. */
class OutputSizes {
  /** By position. */
  readonly #shapes: ReturnType<DecodedShapes['of']>[];

  constructor(
    private readonly body: Body,
    private readonly kindOf: (node: number) => OpKind,
    private readonly decoded: DecodedShapes,
  ) {
    this.#shapes = new Array(body.nodes.length);
  }

  of(position: number, output: number): number {
    this.#shapes[position] ??= this.decoded.of(this.body.nodes[position] as GraphNode);
    const { dtype = 0 } = this.kindOf(this.body.first + position).outputs[output] ?? {};
    return tensorBytes(this.#shapes[position][output], dtype);
  }
}
