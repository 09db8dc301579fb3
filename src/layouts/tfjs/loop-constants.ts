/**
 * What a loop of TensorFlow 1 takes from outside comes in by an Enter that is constant. TensorFlow.js runs that once, and
 * with it whatever has no other input: in the second round it is missing. So it becomes an Identity, which runs whenever
 * a round of the loop begins; and the loop begins when there is what it takes.
 */
import { readAttribute } from '../../graph/attributes.js';
import { inputNode } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import { GraphNode } from '../../graph/node.js';

interface Loop {
  /** What comes in by constant Enters, as inputs. */
  readonly constants: string[];
  /** A Merge where a round begins; empty where there is none. */
  begin: string;
}

export function loopConstants(graph: Graph): Graph {
  const loops = loopsOf(graph);
  if (loops.size === 0) return graph;
  const nodes = graph.nodes.map((node) => {
    const loop = node.op === 'Enter' ? loops.get(frameOf(node)) : undefined;
    if (!loop) return node;
    return isConstant(node) ? eachRound(node, loop) : node.edit({ inputs: [...node.inputs, ...loop.constants] });
  });
  return graph.withNodes(nodes);
}

/** Loops that take something from outside, by the names of their frames. */
function loopsOf(graph: Graph): ReadonlyMap<string, Loop> {
  const loops = new Map<string, Loop>();
  for (const node of graph.nodes) {
    if (node.op !== 'Enter' || !isConstant(node)) continue;
    const [input = ''] = node.inputs;
    const loop = loops.get(frameOf(node));
    if (loop) loop.constants.push(input);
    else loops.set(frameOf(node), { constants: [input], begin: '' });
  }
  if (loops.size === 0) return loops;
  for (const { name, op, inputs } of graph.nodes) {
    if (op !== 'Merge') continue;
    const enter = inputs.map((input) => graph.byName.get(inputNode(input))).find((each) => each?.op === 'Enter');
    const loop = enter && loops.get(frameOf(enter));
    if (loop?.begin === '') loop.begin = name;
  }
  return loops;
}

function eachRound(node: GraphNode, { begin }: Loop): GraphNode {
  const type = node.attribute('T');
  const inputs = begin === '' ? node.inputs : [...node.inputs, `^${begin}`];
  return GraphNode.create(node.name, 'Identity', inputs, new Map(type ? [['T', type]] : []));
}

function isConstant(node: GraphNode): boolean {
  return readAttribute(node, 'is_constant')?.b === true;
}

function frameOf(node: GraphNode): string {
  return Buffer.from(readAttribute(node, 'frame_name')?.s ?? []).toString('latin1');
}
