/** What variables are called: an argument of a function by the variables that its callers hand over. */
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { isVariable } from '../../graph/variables.js';
import { argumentKey, VariableFlow, variableKey } from './variable-flow.js';

/**
 * Of all arguments together that somebody asks about. An argument is one variable, mostly, and in a few functions some dozens;
 * where functions hand thousands on to thousands, what one may be is not known.
 */
const mostVariables = 1 << 20;

export class VariableNames {
  #found = 0;
  #flow: VariableFlow | undefined;
  /** Thousands of nodes of a function may ask about one argument that thousands of variables are handed to. */
  readonly #known = new Map<string, ArgumentVariables>();

  /** @param outputs names of the graph's outputs. */
  constructor(
    private readonly graph: Graph,
    private readonly outputs: readonly string[],
  ) {}

  /** The names of the variables that an argument may be, in alphabetical order; none where that is not known. */
  ofArgument(functionName: string, argument: string): readonly string[] {
    return this.#variables(functionName, argument).names;
  }

  /** These variables, as nodes of the main graph. */
  variables(functionName: string, argument: string): readonly GraphNode[] {
    const found = this.#variables(functionName, argument);
    found.nodes ??= this.graph.nodes.filter((node) => isVariable(node) && found.keys.has(variableKey(node)));
    return found.nodes;
  }

  #variables(functionName: string, argument: string): ArgumentVariables {
    const id = argumentKey(functionName, argument);
    const known = this.#known.get(id);
    if (known) return known;
    this.#flow ??= new VariableFlow(this.graph, this.outputs);
    const body = this.#found > mostVariables ? undefined : this.#flow.body(functionName);
    const keys = (body && this.#flow.variablesOf(body, argument)) ?? new Set<string>();
    this.#found += keys.size;
    // A key begins with the op.
    const names = [...keys].map((key) => key.slice(key.indexOf(' ') + 1)).sort();
    const found = { keys, names };
    this.#known.set(id, found);
    return found;
  }
}

interface ArgumentVariables {
  readonly keys: ReadonlySet<string>;
  readonly names: readonly string[];
  nodes?: readonly GraphNode[];
}
