/**
 * Gives every node the attributes that it leaves to their defaults: a graph of an older TensorFlow, or one exported with
 * `strip_default_attrs`. TensorFlow's importer does this to the graph that its tool then freezes. Ops that TensorFlow 2.21
 * does not know stay as they are.
 */
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { opDefaults } from '../graph/op-defaults.generated.js';

type Defaults = readonly (readonly [name: string, value: string])[];

export function fillDefaults(graph: Graph): Graph {
  const byOp = new Map<string, Defaults>();
  return graph.mapNodes((node) => {
    const defaults = byOp.get(node.op) ?? defaultsOf(node.op);
    byOp.set(node.op, defaults);
    return filled(node, defaults);
  });
}

function defaultsOf(op: string): Defaults {
  return Object.hasOwn(opDefaults, op) ? Object.entries(opDefaults[op] ?? {}) : [];
}

function filled(node: GraphNode, defaults: Defaults): GraphNode {
  // An AttrValue without any member is no value.
  const missing = defaults.filter(([name]) => (node.attribute(name)?.length ?? 0) === 0);
  if (missing.length === 0) return node;
  return node.edit({ set: Object.fromEntries(missing.map(([name, value]) => [name, Buffer.from(value, 'hex')])) });
}
