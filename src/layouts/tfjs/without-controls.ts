/**
 * TensorFlow.js takes a control input for one more input of the op: what joins a list of tensors would join that too. An
 * op with inputs of its own waits for those, and what a graph that only computes waits for besides does not show in its
 * results; so control inputs go. What has no other input keeps them where there are branches or loops: they say which it
 * is part of. A constant cannot wait, since its value is there from the start: an Identity does it in its place.
 */
import { dataInputs, isControlInput } from '../../graph/edges.js';
import { freeName } from '../../graph/free-name.js';
import type { Graph } from '../../graph/graph.js';
import { GraphNode } from '../../graph/node.js';

/** Tables are found by their names, whenever that is. */
const tableOps = /^HashTable/;

/**
 * Hand on their first input, or fail the run. TensorFlow.js has no such op, or reads it otherwise than TensorFlow writes
 * it; as in TensorFlow's converter, checks do not come along.
 */
const checkOps: ReadonlySet<string> = new Set(['CheckNumerics', 'CheckNumericsV2', 'EnsureShape']);

export function withoutControls(graph: Graph): Graph {
  const hasFrames = graph.nodes.some(({ op }) => op === 'Switch' || op === 'Enter');
  const nodes = graph.nodes.flatMap((node) => {
    const controls = node.inputs.filter(isControlInput);
    const data = dataInputs(node);
    if (node.op === 'Assert') return [noOp(node)];
    if (checkOps.has(node.op)) return [node.edit({ op: 'Identity', inputs: data, attributes: typeOf(node) })];
    if (controls.length === 0) return [node];
    if (data.length > 0 || !hasFrames || tableOps.test(node.op)) return [node.edit({ inputs: data })];
    return node.op === 'Const' ? waiting(node, controls, graph) : [node];
  });
  return graph.withNodes(nodes);
}

/** Does nothing, after all that the check was after: what waits for it may have nothing else to wait for. */
function noOp({ name, inputs }: GraphNode): GraphNode {
  return GraphNode.create(name, 'NoOp', inputs, new Map());
}

function typeOf(node: GraphNode): Map<string, Uint8Array> {
  const type = node.attribute('T');
  return new Map(type ? [['T', type]] : []);
}

function waiting(node: GraphNode, controls: readonly string[], graph: Graph): GraphNode[] {
  const value = freeName(`${node.name}/value`, (taken) => graph.byName.has(taken));
  const dtype = node.attribute('dtype') ?? new Uint8Array(0);
  return [
    node.edit({ name: value, inputs: [] }),
    GraphNode.create(node.name, 'Identity', [value, ...controls], new Map([['T', dtype]])),
  ];
}
