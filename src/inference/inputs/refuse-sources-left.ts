/** A graph for inference has inputs that are fed. One that still waits for an iterator or a queue would never answer. */
import { invalidArgument } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { handsOut, inputSource } from '../../graph/op-kinds/data-sources.js';

/** How many nodes of a way are told, from each end. */
const told = 4;

/** @throws PermafrostError INVALID_ARGUMENT */
export function refuseSourcesLeft({ nodes, wiring }: Graph, outputs: readonly string[]): void {
  /** By position: which node needs it; -1 for an output, -2 for what nothing has asked for so far. */
  const readers = new Int32Array(nodes.length).fill(-2);
  const waiting = outputs.map((output) => wiring.positionOf(output)).filter((position) => position >= 0);
  for (const position of waiting) readers[position] = -1;
  for (let position = waiting.pop(); position !== undefined; position = waiting.pop()) {
    const { name, op } = nodes[position] as GraphNode;
    const source = inputSource(op);
    if (source !== undefined) {
      throw invalidArgument(
        `The outputs still need '${name}' (${op}), and nothing fills the ${source} of a graph for inference: ` +
          `${wayTo(position, readers, nodes)}. ${adviceOn(nodes[position] as GraphNode, nodes[readers[position] as number])}`,
      );
    }
    for (const next of wiring.sourcesOf(position)) {
      if (next < 0 || readers[next] !== -2) continue;
      readers[next] = position;
      waiting.push(next);
    }
  }
}

/** Where an iterator itself is handed on, what takes data from it is no node of the graph. */
function adviceOn(source: GraphNode, reader: GraphNode | undefined): string {
  if (handsOut(source.op) !== undefined) {
    return "Cut one of these tensors too: '--inputs NAME:0', or '--inputs auto' for all iterators and queues.";
  }
  const taker = reader ? `'${reader.name}' (${reader.op})` : 'An output';
  return `${taker} takes data from it, in a function or as an op of its own, and only tensors of the graph itself are cut: cut what it gives.`;
}

/** From the source to the output that needs it. */
function wayTo(source: number, readers: Int32Array, nodes: readonly GraphNode[]): string {
  const names: string[] = [];
  for (let position = source; position >= 0; position = readers[position] as number) {
    names.push(`'${(nodes[position] as GraphNode).name}'`);
  }
  const shown = names.length <= 2 * told ? names : [...names.slice(0, told), '…', ...names.slice(-told)];
  return shown.join(' → ');
}
