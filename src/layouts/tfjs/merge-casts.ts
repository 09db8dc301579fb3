/**
 * TensorFlow.js widens weights of float16 when it loads them, so a Cast that does it again has nothing to do: the constant
 * takes its name and type.
 */
import { readType, typeAttribute } from '../../graph/attributes.js';
import { inputNode } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { DataType } from '../../proto/data-types.js';

/** @param outputs names of nodes that stay what they are. */
export function mergeCasts(graph: Graph, outputs: ReadonlySet<string>): Graph {
  const casts = new Map<string, GraphNode>();
  const readers = new Map<string, number>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) readers.set(inputNode(input), (readers.get(inputNode(input)) ?? 0) + 1);
    const constant = graph.byName.get(node.inputs[0] ?? '');
    if (constant && widens(node, constant) && !outputs.has(node.name)) casts.set(constant.name, node);
  }
  const castOf = new Map([...casts].filter(([constant]) => readers.get(constant) === 1 && !outputs.has(constant)));
  if (castOf.size === 0) return graph;
  const gone = new Set(castOf.values());
  return graph.withNodes(
    graph.nodes.flatMap((node) => {
      const cast = castOf.get(node.name);
      if (!cast) return gone.has(node) ? [] : node;
      const attributes = new Map(node.attributes).set('dtype', typeAttribute(DataType.float32));
      return node.edit({ name: cast.name, attributes });
    }),
  );
}

function widens(cast: GraphNode, constant: GraphNode): boolean {
  return (
    cast.op === 'Cast' &&
    constant.op === 'Const' &&
    readType(constant, 'dtype') === DataType.float16 &&
    readType(cast, 'DstT') === DataType.float32
  );
}
