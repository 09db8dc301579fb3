/** Follows values to the kernels that may write to their memory, past those that hand it on and into functions. */
import { type Consumer, dataConsumers } from '../../graph/consumers.js';
import { graphNotation, type InputEdge } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { bodyNotationOf } from '../../passes/retyping/body-notation.js';
import { type CallRow, calledFunctions, callRowsOf, handedInputs } from '../../passes/retyping/call-rules.js';
import { kernelUse } from './kernel-inputs.js';

type Consumers = ReadonlyMap<string, readonly Consumer[]>;

/** An output of a node; without a port, all of them. */
type Output = { readonly node: string; readonly port: number | undefined };

/** What a node does with one input. */
interface Use {
  readonly writes: boolean;
  /** The outputs that may be the input's memory; undefined: any. */
  readonly passesOn: readonly (number | undefined)[];
}

const reads: Use = { writes: false, passesOn: [] };
const writes: Use = { writes: true, passesOn: [] };

/** An input whose memory a kernel may write to, and the output that hands it over. */
export interface WritingInput {
  readonly from: InputEdge;
  readonly consumer: Consumer;
}

export class Writers {
  readonly #consumers: Consumers;
  /** By function and argument. */
  readonly #arguments = new Map<string, { readonly isWritten: boolean; readonly results: readonly number[] }>();

  constructor(private readonly graph: Graph) {
    this.#consumers = dataConsumers(graph.nodes, graphNotation);
  }

  /** The inputs that get the memory of a node's outputs and may write to it, in no order. */
  of(node: string): WritingInput[] {
    return this.#trace(this.#consumers, node).writers;
  }

  #trace(consumers: Consumers, start: string): { writers: WritingInput[]; reached: ReadonlySet<string> } {
    const writers: WritingInput[] = [];
    const reached = new Set([keyOf({ node: start, port: undefined })]);
    const waiting: Output[] = [{ node: start, port: undefined }];
    for (let output = waiting.pop(); output; output = waiting.pop()) {
      const { node, port } = output;
      for (const consumer of consumers.get(node) ?? []) {
        if (port !== undefined && port !== consumer.port) continue;
        const use = this.#use(consumer.node, consumer.input);
        if (use.writes) writers.push({ from: { node, port: consumer.port }, consumer });
        for (const passed of use.passesOn) {
          const next = { node: consumer.node.name, port: passed };
          if (!reached.has(keyOf(next))) waiting.push(next);
          reached.add(keyOf(next));
        }
      }
    }
    return { writers, reached };
  }

  #use(node: GraphNode, input: number): Use {
    const rows = callRowsOf(node, this.graph.library);
    if (rows.length > 0) return this.#callUse(node, input, rows);
    const use = kernelUse(node, input);
    if (use === 'passes') return { writes: false, passesOn: [node.op === 'IdentityN' ? input : undefined] };
    return use === 'reads' ? reads : writes;
  }

  #callUse(node: GraphNode, input: number, rows: readonly CallRow[]): Use {
    const row = rows.find((each) => {
      const { start, end } = handedInputs(node, each);
      return input >= start && input < end;
    });
    if (!row) return writes;
    const { start, end } = handedInputs(node, row);
    const results = new Set<number>();
    for (const { name } of calledFunctions(node, row)) {
      const count = this.graph.library.byName.get(name)?.inputs.length ?? 0;
      const argument = input - start + (row.trailing ? count - (end - start) : 0);
      const fate = this.#argument(name, argument);
      if (fate.isWritten) return writes;
      for (const result of fate.results) results.add(result);
    }
    if (results.size > 0 && !this.#givesOut(node, row, input, results)) return writes;
    return { writes: false, passesOn: [...results] };
  }

  /** Whether what functions return leaves the node by the outputs of the same numbers, and comes to no other argument. */
  #givesOut(node: GraphNode, row: CallRow, input: number, results: ReadonlySet<number>): boolean {
    if (row.returns === 'inputs') return [...results].every((result) => result === input);
    return row.returns === undefined && (row.results !== undefined || this.graph.library.byName.has(node.op));
  }

  /** What a function does with an argument: whether it may write to it, and by which results it may give it out. */
  #argument(name: string, index: number): { readonly isWritten: boolean; readonly results: readonly number[] } {
    const key = `${index} ${name}`;
    const known = this.#arguments.get(key);
    if (known) return known;
    const called = this.graph.library.byName.get(name);
    const argument = called?.inputs[index];
    if (!called || !argument) return { isWritten: true, results: [] };
    // Until more is known: a function that calls itself is not followed.
    this.#arguments.set(key, { isWritten: true, results: [] });
    const notation = bodyNotationOf(called.nodes, this.graph.library);
    const { writers, reached } = this.#trace(dataConsumers(called.nodes, notation), argument.name);
    const isReached = ({ node, port }: InputEdge): boolean =>
      reached.has(keyOf({ node, port })) || reached.has(keyOf({ node, port: undefined }));
    const results = called.outputs.flatMap((output, result) =>
      isReached(notation.parse(called.returns.get(output.name) ?? '')) ? [result] : [],
    );
    const fate = { isWritten: writers.length > 0, results };
    this.#arguments.set(key, fate);
    return fate;
  }
}

function keyOf({ node, port }: Output): string {
  return `${port ?? '*'} ${node}`;
}
