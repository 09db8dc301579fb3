/**
 * Moving averages that inference reads in one function may be updated in another: Keras runs a cell once before the loop, to
 * see what shape it gives, and what that run normalises nobody reads.
 */
import type { Graph } from '../../graph/graph.js';
import type { Rewrite } from '../every-scope.js';
import type { Scope } from '../scope.js';
import { sameVariables } from '../variables/same-variables.js';
import { ownKey, VariableFlow } from '../variables/variable-flow.js';
import { dropUpdates } from './drop-updates.js';
import { Evidence } from './evidence.js';
import { variableKey } from './flow.js';

/** The variables, in all graphs and bodies, that inference normalises with. */
export class UsedStatistics {
  readonly #keys = new Set<string>();

  /** @param used keys that are good for the scope. */
  add({ functionName, graph }: Scope, used: ReadonlySet<string>): void {
    if (used.size === 0) return;
    for (const node of graph.nodes) {
      const key = used.has(variableKey(node)) ? ownKey({ functionName }, node) : undefined;
      if (key !== undefined) this.#keys.add(key);
    }
  }

  /** @returns undefined where all updates are gone. */
  updatesElsewhere(graph: Graph, outputs: readonly string[]): Rewrite | undefined {
    if (this.#keys.size === 0 || graph.library.functions.length === 0) return undefined;
    const used = sameVariables(new VariableFlow(graph, outputs), this.#keys);
    return (scope) => {
      const evidence = new Evidence(scope);
      const variables = evidence.updates.map(({ variable }) => variable);
      const own = variables.filter((variable) => used.has(ownKey(scope, variable) ?? ''));
      dropUpdates(scope, evidence, new Set(own.map(variableKey)));
    };
  }
}
