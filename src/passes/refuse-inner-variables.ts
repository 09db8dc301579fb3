/**
 * A variable that a function makes for itself, rather than being handed it, would stay one in the frozen graph, without a
 * value. TensorFlow makes no such functions of Python, which lifts variables out of them.
 */
import { PermafrostError } from '../errors.js';
import { reachableFunctions } from '../graph/function-references.js';
import type { Graph } from '../graph/graph.js';
import { isVariable, variableIdentity } from '../graph/variables.js';

/** @throws PermafrostError UNSUPPORTED */
export function refuseInnerVariables(graph: Graph, isFrozen: (variable: string) => boolean): void {
  for (const name of reachableFunctions(graph)) {
    const nodes = graph.library.byName.get(name)?.nodes ?? [];
    const inner = nodes.find((node) => isVariable(node) && isFrozen(variableIdentity(node)));
    if (!inner) continue;
    throw new PermafrostError(
      'UNSUPPORTED',
      `The function '${name}', which the outputs need, makes the variable '${inner.name}' itself, and only variables of the ` +
        'graph can be frozen. Choose outputs that do without it, or put the variable on the deny list.',
    );
  }
}
