/** The edges of a graph in the direction of the data. */
import { isControlInput, parseInput } from './edges.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';

export interface Consumer {
  readonly node: GraphNode;
  /** Which of its inputs. */
  readonly input: number;
  /** Which output of the producer. */
  readonly port: number;
}

/** Who reads each node's outputs, in the order of the nodes; control edges are left out. */
export function dataConsumers(graph: Graph): ReadonlyMap<string, readonly Consumer[]> {
  const consumers = new Map<string, Consumer[]>();
  for (const node of graph.nodes) {
    node.inputs.forEach((text, input) => {
      if (isControlInput(text)) return;
      const { node: producer, port } = parseInput(text);
      const list = consumers.get(producer);
      if (list) list.push({ node, input, port });
      else consumers.set(producer, [{ node, input, port }]);
    });
  }
  return consumers;
}
