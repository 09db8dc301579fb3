/** Which writes matter to nothing but training: those to variables that nothing which outlasts it is computed from. */
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { usedVariables } from '../variables/used-variables.js';
import { VariableFlow } from '../variables/variable-flow.js';
import { effectOf } from '../waiting/effects.js';

export class LeftOverWrites {
  readonly #flow: VariableFlow;
  readonly #used: ReadonlySet<string>;

  /** @param outputs names of the graph's outputs. */
  constructor(graph: Graph, outputs: readonly string[]) {
    this.#flow = new VariableFlow(graph, outputs);
    const effect = (node: GraphNode): string => effectOf(node, () => false);
    this.#used = usedVariables(
      this.#flow,
      (node) => effect(node) === 'lasting',
      (node) => effect(node) === 'training',
    );
  }

  /** @param functionName of the function that the write is in; undefined: in the main graph. */
  has(functionName: string | undefined, writer: GraphNode): boolean {
    const body = this.#flow.body(functionName);
    const variable = body && this.#flow.keyOf(body, writer.inputs[0] ?? '');
    return variable !== undefined && !this.#used.has(variable);
  }
}
