/**
 * Which nodes must be on one device. TensorFlow binds nodes to those that their `_class` names, and where an edge carries a
 * reference or a handle, its two ends (`ColocateResourceOrRefEdge` in core/common_runtime/colocation_graph.cc), through
 * functions too, however deep. We keep loops whole besides: every turn would cross the bus otherwise.
 */
import { colocatedPositions } from '../../graph/colocations.js';
import { isControlInput } from '../../graph/edges.js';
import { executionOrder } from '../../graph/execution-order.js';
import type { FunctionLibrary } from '../../graph/library.js';
import { loopDepths } from '../../graph/loop-depths.js';
import type { GraphNode } from '../../graph/node.js';
import { argumentOffset, calledFunctions, callRowsOf, handedInputs } from '../../passes/retyping/call-rules.js';
import { DataType, referenceOffset } from '../../proto/data-types.js';
import type { Body } from './bodies.js';
import type { OpKind } from './op-kinds.js';

/** Takes two nodes by their numbers. */
export type Bind = (first: number, second: number) => void;

export function bindColocated({ nodes, wiring, first }: Body, bind: Bind): void {
  nodes.forEach((node, position) => {
    for (const other of colocatedPositions(node, wiring)) {
      if (other >= 0 && other !== position) bind(first + position, first + other);
    }
  });
}

/** @param kindsOfNodes by the number of a node, of all bodies: its place in `kinds`. */
export function bindHandles(
  { nodes, wiring, first }: Body,
  kinds: readonly OpKind[],
  kindsOfNodes: Int32Array,
  bind: Bind,
): void {
  const handles = kinds.map(handleInputs);
  for (let position = 0; position < nodes.length; position++) {
    const start = wiring.firstInputs[position] as number;
    const count = (wiring.firstInputs[position + 1] as number) - start;
    for (const input of handles[kindsOfNodes[first + position] as number] as readonly number[]) {
      // An attribute may say that there are more.
      if (input >= count) break;
      const source = wiring.sourceOf(start + input);
      if (source >= 0) bind(first + source, first + position);
    }
  }
}

/** Which inputs carry a handle or a reference. */
function handleInputs({ inputs }: OpKind): number[] {
  return inputs.flatMap(({ dtype }, input) => (dtype === DataType.resource || dtype > referenceOffset ? [input] : []));
}

export function bindLoops(body: Body, bind: Bind): void {
  const { nodes, wiring, first } = body;
  if (!nodes.some(({ op }) => op === 'Enter' || op === 'RefEnter')) return;
  const depths = loopDepths(body, executionOrder(body));
  nodes.forEach((_, position) => {
    if (depths[position] === 0) return;
    for (const source of wiring.sourcesOf(position)) if (source >= 0) bind(first + source, first + position);
  });
}

/** By body and argument: one that uses it, who stands for all, once they are bound to each other; -1: nobody does. */
export type BoundArguments = Map<string, number>;

/**
 * A handle that is handed to functions binds its producer to those who use it there. Where it was an argument itself, the
 * call stands for the producer, which it was bound to as one who uses the argument.
 */
export function bindArguments(
  { nodes, wiring, first }: Body,
  bodies: ReadonlyMap<string, Body>,
  library: FunctionLibrary,
  bound: BoundArguments,
  bind: Bind,
): void {
  if (library.functions.length === 0) return;
  nodes.forEach((node, position) => {
    for (const { argument, input, body } of handedHandles(node, bodies, library)) {
      const source = wiring.sourceOf((wiring.firstInputs[position] as number) + input);
      const holder = first + (source < 0 ? position : source);
      const key = `${body.first} ${argument}`;
      const user = bound.get(key);
      if (user !== undefined) {
        if (user >= 0) bind(holder, user);
        continue;
      }
      bound.set(key, -1);
      body.wiring.forEachReader(body.wiring.numberOf(argument), (reader, at) => {
        const isData = !isControlInput((body.nodes[reader] as GraphNode).inputs[at] ?? '^');
        if (!isData) return;
        bind(holder, body.first + reader);
        bound.set(key, body.first + reader);
      });
    }
  });
}

interface HandedHandle {
  /** Of the node that calls. */
  readonly input: number;
  /** What it is in the function's body. */
  readonly argument: string;
  readonly body: Body;
}

function* handedHandles(
  node: GraphNode,
  bodies: ReadonlyMap<string, Body>,
  library: FunctionLibrary,
): Generator<HandedHandle> {
  for (const row of callRowsOf(node, library)) {
    const handed = handedInputs(node, row);
    for (const { name } of calledFunctions(node, row)) {
      const body = bodies.get(name);
      const { inputs = [] } = library.byName.get(name) ?? {};
      const offset = argumentOffset(row, handed, inputs.length);
      for (let input = handed.start; body && input < handed.end; input++) {
        const argument = inputs[input + offset];
        if (argument?.type === DataType.resource) yield { input, argument: argument.name, body };
      }
    }
  }
}
