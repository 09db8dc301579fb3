/** Where nodes see each other: the graph itself, or the body of one function. */
import type { FunctionArgument, GraphFunction } from '../graph/function.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { GraphNode } from '../graph/node.js';
import type { Wiring } from '../graph/wiring.js';
import type { Findings } from './finding.js';
import type { NodeInterface } from './node-interface.js';

export interface Scope {
  readonly function: GraphFunction | undefined;
  readonly nodes: readonly GraphNode[];
  readonly wiring: Wiring;
  /** Of the function, by name. */
  readonly arguments: ReadonlyMap<string, FunctionArgument>;
  /** What goes into and comes out of each node, by position; undefined where that is not known. */
  readonly interfaces: readonly (NodeInterface | undefined)[];
  readonly library: FunctionLibrary;
  /** How many tensors may still be looked at in the whole check for inputs that stand for all of a list. */
  readonly expansion: { left: number };
  readonly findings: Findings;
}
