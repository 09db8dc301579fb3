/**
 * A function runs when all of its arguments are there. Made flat, its nodes run as soon as their own inputs are, which is
 * too early where they read what another function writes: control inputs from all arguments keep the order.
 */
import { dataInputs, inputNode, isControlInput } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { GraphNode } from '../graph/node.js';
import { callRowsOf } from './retyping/call-rules.js';

export function strictCalls(graph: Graph): Graph {
  const { library } = graph;
  const functions = library.map((each) => each.withNodes(each.nodes.map((node) => strict(node, library))));
  return graph.withLibrary(functions).mapNodes((node) => strict(node, library));
}

function strict(node: GraphNode, library: FunctionLibrary): GraphNode {
  if (callRowsOf(node, library).length === 0) return node;
  const args = dataInputs(node);
  const controls = node.inputs.filter(isControlInput);
  // One tensor may be several arguments, but is waited for once.
  const waits = new Set([...controls, ...args.map((input) => `^${inputNode(input)}`)]);
  return node.edit({ inputs: [...args, ...waits] });
}
