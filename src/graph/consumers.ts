/** The edges among nodes in the direction of the data. */
import { isControlInput, type Notation } from './edges.js';
import type { GraphNode } from './node.js';

export interface Consumer {
  readonly node: GraphNode;
  /** Which of its inputs. */
  readonly input: number;
  /** Which output of the producer. */
  readonly port: number;
}

/** Who reads each node's outputs (and each argument), in the order of the nodes; control edges are left out. */
export function dataConsumers(
  nodes: readonly GraphNode[],
  { parse }: Notation,
): ReadonlyMap<string, readonly Consumer[]> {
  const consumers = new Map<string, Consumer[]>();
  for (const node of nodes) {
    node.inputs.forEach((text, input) => {
      if (isControlInput(text)) return;
      const { node: producer, port } = parse(text);
      const list = consumers.get(producer);
      if (list) list.push({ node, input, port });
      else consumers.set(producer, [{ node, input, port }]);
    });
  }
  return consumers;
}
