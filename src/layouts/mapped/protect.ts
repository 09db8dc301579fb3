/**
 * Keeps kernels from writing to mapped memory: where one may, it gets a copy that is its own. TensorFlow has no other
 * guard; an addition to a mapped constant, for one, ends the process.
 */
import { typeAttribute } from '../../graph/attributes.js';
import { FreeNames } from '../../graph/free-name.js';
import type { Graph } from '../../graph/graph.js';
import { GraphNode } from '../../graph/node.js';
import { DataType } from '../../proto/data-types.js';
import type { Writers, WritingInput } from './writers.js';

/** DataType numbers that the kernel of DeepCopy has. */
const copied: ReadonlySet<number> = new Set([
  DataType.float32,
  DataType.float64,
  DataType.int32,
  DataType.uint8,
  DataType.int16,
  DataType.int8,
  DataType.complex64,
  DataType.int64,
  DataType.bool,
  DataType.bfloat16,
  DataType.uint16,
  DataType.complex128,
  DataType.float16,
  DataType.uint32,
  DataType.uint64,
]);

/**
 * Whether a constant can be mapped: nothing writes to it, or it can be copied for what does. One that is an output itself
 * cannot: callers get its memory, and a copy would have another name.
 */
export function isProtectable(node: string, dtype: number, writers: Writers): boolean {
  if (writers.outputs.has(node)) return false;
  return copied.has(dtype) || !writers.mayWriteTo(node);
}

/**
 * @param mapped DataType numbers by the names of the nodes whose memory must not be written to.
 * @returns the graph with a DeepCopy before every input that may write to that memory.
 */
export function protect(graph: Graph, mapped: ReadonlyMap<string, number>, writers: Writers): Graph {
  const copies = new Copies(graph);
  // Thousands of constants may lead to one way: it is followed once.
  const reached = new Set<string>();
  for (const [node, dtype] of mapped) for (const input of writers.of(node, reached)) copies.copy(input, dtype);
  return copies.finish();
}

class Copies {
  /** By the output that is copied. */
  readonly #made = new Map<string, GraphNode>();
  readonly #names: FreeNames;
  /** The copies of a node's outputs. */
  readonly #after = new Map<string, GraphNode[]>();
  /** By consumer: the inputs that change. */
  readonly #inputs = new Map<string, string[]>();

  constructor(private readonly graph: Graph) {
    this.#names = new FreeNames((name) => graph.byName.has(name));
  }

  copy({ from, consumer: { node, input } }: WritingInput, dtype: number): void {
    const output = node.inputs[input] as string;
    const made = this.#made.get(`${from.port} ${from.node}`) ?? this.#make(from.node, from.port, output, dtype);
    const inputs = this.#inputs.get(node.name) ?? [...node.inputs];
    inputs[input] = made.name;
    this.#inputs.set(node.name, inputs);
  }

  #make(producer: string, port: number, output: string, dtype: number): GraphNode {
    const name = this.#names.take(`${producer}/copy`);
    const device = this.graph.byName.get(producer)?.device ?? '';
    const copy = GraphNode.create(name, 'DeepCopy', [output], new Map([['T', typeAttribute(dtype)]])).edit({ device });
    this.#made.set(`${port} ${producer}`, copy);
    const after = this.#after.get(producer);
    if (after) after.push(copy);
    else this.#after.set(producer, [copy]);
    return copy;
  }

  finish(): Graph {
    if (this.#made.size === 0) return this.graph;
    return this.graph.withNodes(
      this.graph.nodes.flatMap((node) => {
        const inputs = this.#inputs.get(node.name);
        return [inputs ? node.edit({ inputs }) : node, ...(this.#after.get(node.name) ?? [])];
      }),
    );
  }
}
