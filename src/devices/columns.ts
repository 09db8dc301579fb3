/** A graph as the core's placement sees it: columns of numbers. */
import type { Graph } from '../graph/graph.js';
import { type Body, bodiesOf } from './bodies.js';
import { type Bind, bindArguments, bindColocated, bindHandles, bindLoops } from './bonds.js';
import { type DataEdges, dataEdges } from './data-edges.js';
import { type OpKind, OpKinds } from './op-kinds.js';

export interface GraphColumns {
  readonly bodies: readonly Body[];
  readonly kinds: readonly OpKind[];
  /** By node, the nodes of all bodies back to back: its kind. */
  readonly kindsOfNodes: Int32Array;
  readonly edges: DataEdges;
  readonly bonds: Bonds;
}

/** Pairs of nodes that must be on one device. */
export interface Bonds {
  readonly firsts: Int32Array;
  readonly seconds: Int32Array;
}

export function columnsOf(graph: Graph): GraphColumns {
  const bodies = bodiesOf(graph);
  const kinds = new OpKinds(graph.library);
  const kindsOfNodes = Int32Array.from(bodies.flatMap(({ nodes }) => nodes.map((node) => kinds.numberOf(node))));
  const kindOf = (node: number): OpKind => kinds.list[kindsOfNodes[node] as number] as OpKind;
  const edges = dataEdges(bodies, kindOf);
  return { bodies, kinds: kinds.list, kindsOfNodes, edges, bonds: bondsOf(graph, bodies, kinds.list, kindsOfNodes) };
}

function bondsOf(graph: Graph, bodies: readonly Body[], kinds: readonly OpKind[], kindsOfNodes: Int32Array): Bonds {
  const firsts: number[] = [];
  const seconds: number[] = [];
  const bind: Bind = (first, second) => {
    firsts.push(first);
    seconds.push(second);
  };
  const byFunction = new Map(bodies.map((body): [string, Body] => [body.function ?? '', body]));
  for (const body of bodies) {
    bindColocated(body, bind);
    bindHandles(body, kinds, kindsOfNodes, bind);
    bindLoops(body, bind);
    bindArguments(body, byFunction, graph.library, bind);
  }
  return { firsts: Int32Array.from(firsts), seconds: Int32Array.from(seconds) };
}
