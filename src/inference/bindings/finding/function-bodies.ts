/** The bodies of functions as graphs, and those of all that they call. */
import { readAttribute } from '../../../graph/attributes.js';
import type { GraphFunction } from '../../../graph/function.js';
import { reachableFunctions } from '../../../graph/function-references.js';
import type { Graph } from '../../../graph/graph.js';
import type { GraphNode } from '../../../graph/node.js';
import { bodyGraphOf } from '../../body-graphs.js';

export class FunctionBodies {
  constructor(private readonly main: Graph) {}

  of(source: GraphFunction): Graph {
    return bodyGraphOf(source, this.main.library).graph;
  }

  /** Of the function that an attribute of a node names, and of all that it calls. */
  below(node: GraphNode, attribute: string): Graph[] {
    const { library } = this.main;
    const first = library.byName.get(readAttribute(node, attribute)?.func?.name ?? '');
    if (!first) return [];
    const called = [...reachableFunctions(this.main.withNodes(first.nodes))];
    const all = [first, ...called.map((name) => library.byName.get(name))];
    return all.flatMap((each) => (each ? this.of(each) : []));
  }
}
