/** What variables are called: an argument of a function by the variables that its callers hand over. */
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { isVariable } from '../../graph/variables.js';
import { VariableFlow, variableKey } from './variable-flow.js';

export class VariableNames {
  #flow: VariableFlow | undefined;

  /** @param outputs names of the graph's outputs. */
  constructor(
    private readonly graph: Graph,
    private readonly outputs: readonly string[],
  ) {}

  /** The names of the variables that an argument may be, in alphabetical order; none where that is not known. */
  ofArgument(functionName: string, argument: string): readonly string[] {
    // A key begins with the op.
    return [...this.#keys(functionName, argument)].map((key) => key.slice(key.indexOf(' ') + 1)).sort();
  }

  /** These variables, as nodes of the main graph. */
  variables(functionName: string, argument: string): readonly GraphNode[] {
    const keys = this.#keys(functionName, argument);
    return this.graph.nodes.filter((node) => isVariable(node) && keys.has(variableKey(node)));
  }

  #keys(functionName: string, argument: string): ReadonlySet<string> {
    this.#flow ??= new VariableFlow(this.graph, this.outputs);
    const body = this.#flow.body(functionName);
    return (body && this.#flow.variablesOf(body, argument)) ?? new Set();
  }
}
