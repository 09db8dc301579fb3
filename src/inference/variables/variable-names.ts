/** What variables are called: an argument of a function by the variables that its callers hand over. */
import type { Graph } from '../../graph/graph.js';
import { VariableFlow } from './variable-flow.js';

export class VariableNames {
  #flow: VariableFlow | undefined;

  /** @param outputs names of the graph's outputs. */
  constructor(
    private readonly graph: Graph,
    private readonly outputs: readonly string[],
  ) {}

  /** The names of the variables that an argument may be, in alphabetical order; none where that is not known. */
  ofArgument(functionName: string, argument: string): readonly string[] {
    this.#flow ??= new VariableFlow(this.graph, this.outputs);
    const body = this.#flow.body(functionName);
    const keys = body && this.#flow.variablesOf(body, argument);
    // A key begins with the op.
    return [...(keys ?? [])].map((key) => key.slice(key.indexOf(' ') + 1)).sort();
  }
}
