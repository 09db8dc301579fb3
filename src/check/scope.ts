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
  /** Of the function, by name. */
  readonly arguments: ReadonlyMap<string, FunctionArgument>;
  /** What goes into and comes out of each node, by position; undefined where that is not known. */
  readonly interfaces: readonly (NodeInterface | undefined)[];
  readonly library: FunctionLibrary;
  readonly findings: Findings;
}

/** For every node, by position, the positions that its inputs come from; arguments and what is missing left out. */
export function producersIn({ nodes, positions }: Scope): number[][] {
  return nodes.map((node) =>
    node.inputs.flatMap((input) => {
      const position = positions.get(inputNode(input));
      return position === undefined ? [] : [position];
    }),
  );
}
