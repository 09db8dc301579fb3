/** A graph as the core's placement sees it: columns of numbers. */
import type { Graph } from '../../graph/graph.js';
import { type Body, bodiesOf } from './bodies.js';
import { type Bind, type BoundArguments, bindArguments, bindColocated, bindHandles, bindLoops } from './bonds.js';
import { type DataEdges, dataEdges } from './data-edges.js';
import { type OpKind, OpKinds } from './op-kinds.js';

/** The nodes of a graph without what connects them. */
export interface NodeColumns {
  readonly bodies: readonly Body[];
  readonly kinds: readonly OpKind[];
  /** By node, the nodes of all bodies back to back: its kind. */
  readonly kindsOfNodes: Int32Array;
}

export interface GraphColumns extends NodeColumns {
  readonly edges: DataEdges;
  readonly bonds: Bonds;
}

/** Pairs of nodes that must be on one device. */
export interface Bonds {
  readonly firsts: Int32Array;
  readonly seconds: Int32Array;
}

export function nodeColumns(graph: Graph): NodeColumns {
  const bodies = bodiesOf(graph);
  const kinds = new OpKinds(graph.library);
  const kindsOfNodes = new Int32Array(bodies.reduce((count, { nodes }) => count + nodes.length, 0));
  for (const { nodes, first } of bodies) {
    nodes.forEach((node, position) => {
      kindsOfNodes[first + position] = kinds.numberOf(node);
    });
  }
  return { bodies, kinds: kinds.list, kindsOfNodes };
}

export function columnsOf(graph: Graph): GraphColumns {
  const nodes = nodeColumns(graph);
  const { bodies, kinds, kindsOfNodes } = nodes;
  const kindOf = (node: number): OpKind => kinds[kindsOfNodes[node] as number] as OpKind;
  return { ...nodes, edges: dataEdges(bodies, kindOf), bonds: bondsOf(graph, nodes) };
}

function bondsOf(graph: Graph, { bodies, kinds, kindsOfNodes }: NodeColumns): Bonds {
  const firsts: number[] = [];
  const seconds: number[] = [];
  const bind: Bind = (first, second) => {
    firsts.push(first);
    seconds.push(second);
  };
  const byFunction = new Map(bodies.map((body): [string, Body] => [body.function ?? '', body]));
  const bound: BoundArguments = new Map();
  for (const body of bodies) {
    bindColocated(body, bind);
    bindHandles(body, kinds, kindsOfNodes, bind);
    bindLoops(body, bind);
    bindArguments(body, byFunction, graph.library, bound, bind);
  }
  return { firsts: new Int32Array(firsts), seconds: new Int32Array(seconds) };
}
