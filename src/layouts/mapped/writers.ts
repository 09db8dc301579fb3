/** Follows values to the kernels that may write to their memory, past those that hand it on and into functions. */
import { type Consumer, type ConsumersOf, dataConsumersByName } from '../../graph/consumers.js';
import { graphNotation, type InputEdge, type Notation } from '../../graph/edges.js';
import type { GraphFunction } from '../../graph/function.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { limits } from '../../limits.js';
import { bodyNotationOf } from '../../passes/retyping/body-notation.js';
import { argumentOffset, type CallRow, calledFunctions } from '../../passes/retyping/call-rules.js';
import { type HandedRow, HandedRows } from '../../passes/retyping/handed-rows.js';
import { kernelUse } from './kernel-inputs.js';

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

/** What a function does with an argument. */
interface ArgumentUse {
  readonly isWritten: boolean;
  /** By which results it may be given out. */
  readonly results: readonly number[];
}

/** A second's work. */
const mostSteps = 2 ** 20;

const notFollowed: ArgumentUse = { isWritten: true, results: [] };

interface Body {
  readonly consumersOf: ConsumersOf;
  readonly parse: Notation['parse'];
}

/** An input whose memory a kernel may write to, and the output that hands it over. */
export interface WritingInput {
  readonly from: InputEdge;
  readonly consumer: Consumer;
}

export class Writers {
  readonly #consumersOf: ConsumersOf;
  /** By function: they may have thousands of arguments, and as many nodes. */
  readonly #bodies = new Map<string, Body>();
  /** By function and argument. */
  readonly #arguments = new Map<string, ArgumentUse>();
  readonly #handed: HandedRows;
  /** How many functions are being followed, each in the one before. */
  #depth = 0;
  /** Consumers that were looked at, for all that was asked. */
  #steps = 0;

  /** @param outputs names of nodes whose outputs callers get, who may write to them. */
  constructor(
    private readonly graph: Graph,
    readonly outputs: ReadonlySet<string> = new Set(),
  ) {
    this.#consumersOf = dataConsumersByName(graph.wiring, graphNotation);
    this.#handed = new HandedRows(graph.library);
  }

  /**
   * The inputs that get the memory of a node's outputs and may write to it, in no order.
   * @param reached where others have been followed to by now: what comes of that is left out.
   */
  of(node: string, reached: Set<string> = new Set()): WritingInput[] {
    return this.#trace(this.#consumersOf, node, reached, this.outputs);
  }

  /** Whether there are such inputs. Beyond `mostSteps` nobody looks any more, and there may be some. */
  mayWriteTo(node: string): boolean {
    return this.#steps > mostSteps || this.of(node).length > 0;
  }

  #trace(
    consumersOf: ConsumersOf,
    start: string,
    reached: Set<string>,
    outputs: ReadonlySet<string> = new Set(),
  ): WritingInput[] {
    const writers: WritingInput[] = [];
    const first: Output = { node: start, port: undefined };
    const waiting = reached.has(keyOf(first)) ? [] : [first];
    reached.add(keyOf(first));
    for (let output = waiting.pop(); output; output = waiting.pop()) {
      const { node, port } = output;
      for (const consumer of consumersOf(node)) {
        this.#steps++;
        if (port !== undefined && port !== consumer.port) continue;
        const use = this.#use(consumer.node, consumer.input);
        const isHandedOut = use.passesOn.length > 0 && outputs.has(consumer.node.name);
        if (use.writes || isHandedOut) writers.push({ from: { node, port: consumer.port }, consumer });
        if (isHandedOut) continue;
        for (const passed of use.passesOn) {
          const next = { node: consumer.node.name, port: passed };
          if (!reached.has(keyOf(next))) waiting.push(next);
          reached.add(keyOf(next));
        }
      }
    }
    return writers;
  }

  #use(node: GraphNode, input: number): Use {
    const rows = this.#handed.of(node);
    if (rows.length > 0) return this.#callUse(node, input, rows);
    const use = kernelUse(node, input);
    if (use === 'passes') return { writes: false, passesOn: [outputFor(node.op, input)] };
    return use === 'reads' ? reads : writes;
  }

  #callUse(node: GraphNode, input: number, rows: readonly HandedRow[]): Use {
    const handed = rows.find(({ start, end }) => input >= start && input < end);
    if (!handed) return writes;
    const { row } = handed;
    const results = new Set<number>();
    for (const { name } of calledFunctions(node, row)) {
      const count = this.graph.library.byName.get(name)?.inputs.length ?? 0;
      const fate = this.#argument(name, input + argumentOffset(row, handed, count));
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

  #argument(name: string, index: number): ArgumentUse {
    const key = `${index} ${name}`;
    const known = this.#arguments.get(key);
    if (known) return known;
    const called = this.graph.library.byName.get(name);
    if (!called || index < 0 || index >= called.inputs.length || this.#depth === limits().callDepth) return notFollowed;
    // Until more is known: a function that calls itself is not followed.
    this.#arguments.set(key, notFollowed);
    this.#depth++;
    const use = this.#argumentOf(called, index);
    this.#depth--;
    this.#arguments.set(key, use);
    return use;
  }

  #argumentOf(called: GraphFunction, index: number): ArgumentUse {
    const { consumersOf, parse } = this.#body(called);
    const reached = new Set<string>();
    const writers = this.#trace(consumersOf, called.inputs[index]?.name as string, reached);
    const isReached = ({ node, port }: InputEdge): boolean =>
      reached.has(keyOf({ node, port })) || reached.has(keyOf({ node, port: undefined }));
    const results = called.outputs.flatMap((output, result) =>
      isReached(parse(called.returns.get(output.name) ?? '')) ? [result] : [],
    );
    return { isWritten: writers.length > 0, results };
  }

  #body({ name, nodes, wiring }: GraphFunction): Body {
    const known = this.#bodies.get(name);
    if (known) return known;
    const notation = bodyNotationOf(nodes, this.graph.library);
    const body = { consumersOf: dataConsumersByName(wiring, notation), parse: notation.parse };
    this.#bodies.set(name, body);
    return body;
  }
}

/** The output that gives out the memory of an input; undefined: any. */
function outputFor(op: string, input: number): number | undefined {
  if (op === 'IdentityN') return input;
  // The second says which input it was.
  return op === 'Merge' ? 0 : undefined;
}

function keyOf({ node, port }: Output): string {
  return `${port ?? '*'} ${node}`;
}
