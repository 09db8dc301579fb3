/** Where nodes see each other: the graph itself, or the body of one function. */
import { inputNode } from '../graph/edges.js';
import type { FunctionArgument, GraphFunction } from '../graph/function.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { GraphNode } from '../graph/node.js';
import type { Findings } from './finding.js';
import type { NodeInterface } from './node-interface.js';

export interface Scope {
  readonly function: GraphFunction | undefined;
  readonly nodes: readonly GraphNode[];
  /** Where each name stands; of several nodes of one name, the first. */
  readonly positions: ReadonlyMap<string, number>;
  /** Of each node, by position: where the nodes stand that its inputs come from; -1 for what is no node. */
  readonly producers: readonly (readonly number[])[];
  /** Of the function, by name. */
  readonly arguments: ReadonlyMap<string, FunctionArgument>;
  /** What goes into and comes out of each node, by position; undefined where that is not known. */
  readonly interfaces: readonly (NodeInterface | undefined)[];
  readonly library: FunctionLibrary;
  readonly findings: Findings;
}

/** Where each name stands. */
export function positionsOf(nodes: readonly GraphNode[], findings: Findings): Map<string, number> {
  const positions = new Map<string, number>();
  nodes.forEach(({ name }, position) => {
    const first = positions.get(name);
    if (first === undefined) positions.set(name, position);
    else findings.error('NAME_TWICE', name, `node ${position + 1} has the name of node ${first + 1}`);
  });
  return positions;
}

export function producersOf(nodes: readonly GraphNode[], positions: ReadonlyMap<string, number>): number[][] {
  return nodes.map((node) => node.inputs.map((input) => positions.get(inputNode(input)) ?? -1));
}
