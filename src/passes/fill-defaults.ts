/**
 * Gives every node the attributes that it leaves to their defaults: a graph of an older TensorFlow, or one exported with
 * `strip_default_attrs`. TensorFlow's importer does this to the graph that its tool then freezes. Ops that TensorFlow 2.21
 * does not know stay as they are.
 */
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { opDefaults } from '../graph/op-defaults.generated.js';

const defaultsByOp: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(Object.entries(opDefaults));

export function fillDefaults(graph: Graph): Graph {
  return graph.withNodes(graph.nodes.map(filled));
}

function filled(node: GraphNode): GraphNode {
  const defaults = defaultsByOp.get(node.op);
  if (!defaults) return node;
  const names = node.attributeNames();
  const missing = Object.keys(defaults).filter((name) => !names.has(name));
  if (missing.length === 0) return node;
  const attributes = new Map(node.attributes);
  for (const name of missing) attributes.set(name, Buffer.from(defaults[name] as string, 'hex'));
  return node.edit({ attributes });
}
