/**
 * What a loop of TensorFlow 1 takes from outside comes in by an Enter that is constant. TensorFlow.js runs that once, and
 * with it whatever has no other input: in the second round it is missing. So it becomes an Identity, which runs whenever
 * a round of the loop begins; and the loop begins when there is what it takes. One Identity waits for all of that: loops
 * have hundreds of variables and as many constants.
 */
import { readAttribute } from '../../graph/attributes.js';
import { inputNode } from '../../graph/edges.js';
import { freeName } from '../../graph/free-name.js';
import type { Graph } from '../../graph/graph.js';
import { GraphNode } from '../../graph/node.js';

interface Loop {
  /** What comes in by constant Enters, as inputs, each once. */
  readonly constants: Set<string>;
  /** The first of those Enters. */
  readonly enter: GraphNode;
  /** A Merge where a round begins; empty where there is none. */
  begin: string;
}

export function loopConstants(graph: Graph): Graph {
  const loops = loopsOf(graph);
  if (loops.size === 0) return graph;
  const arrivals: GraphNode[] = [];
  const arrived = new Map(
    Array.from(loops, ([frame, loop]): [string, string] => {
      const [only = ''] = loop.constants;
      if (loop.constants.size === 1) return [frame, only];
      const node = arrival(loop, graph);
      arrivals.push(node);
      return [frame, node.name];
    }),
  );
  const nodes = graph.nodes.map((node) => {
    const loop = node.op === 'Enter' ? loops.get(frameOf(node)) : undefined;
    if (!loop) return node;
    if (isConstant(node)) return eachRound(node, loop);
    return node.edit({ inputs: [...node.inputs, arrived.get(frameOf(node)) as string] });
  });
  return graph.withNodes([...nodes, ...arrivals]);
}

/** Has run when there is all that the loop takes from outside. */
function arrival({ constants, enter }: Loop, graph: Graph): GraphNode {
  const name = freeName(`${enter.name}/arrived`, (taken) => graph.byName.has(taken));
  const type = enter.attribute('T');
  return GraphNode.create(name, 'Identity', [...constants], new Map(type ? [['T', type]] : []));
}

/** Loops that take something from outside, by the names of their frames. */
function loopsOf(graph: Graph): ReadonlyMap<string, Loop> {
  const loops = new Map<string, Loop>();
  for (const node of graph.nodes) {
    if (node.op !== 'Enter' || !isConstant(node)) continue;
    const [input = ''] = node.inputs;
    const loop = loops.get(frameOf(node));
    if (loop) loop.constants.add(input);
    else loops.set(frameOf(node), { constants: new Set([input]), enter: node, begin: '' });
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
