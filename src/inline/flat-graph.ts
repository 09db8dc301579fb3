/** The graph as it comes out flat, and what those who add to it need of each other. */
import type { GraphNode } from '../graph/node.js';
import type { NameAttrList } from '../proto/types.js';

/** What the function's body has become, in the notation of graphs. */
export interface Results {
  /** Inputs that read the function's results, in their order. */
  readonly outputs: readonly string[];
  /** Control inputs that wait for all that the function must do. */
  readonly controls: readonly string[];
}

export interface Expansion {
  /** What the names of the body's nodes begin with. */
  readonly prefix: string;
  /** The function's arguments, as inputs. */
  readonly inputs: readonly string[];
  /**
   * Control inputs for nodes that have no inputs of their own: in a branch they must not run when it is not taken, and
   * in a loop they must be part of it.
   */
  readonly anchors: readonly string[];
}

export interface FlatGraph {
  /** Adds a node that calls nothing. */
  push(node: GraphNode): void;
  /** Adds the nodes of a function's body, and of all that it calls. */
  expand(called: NameAttrList, expansion: Expansion): Results;
}
