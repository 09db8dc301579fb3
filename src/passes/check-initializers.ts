/**
 * TensorFlow runs initialiser nodes after it has restored the checkpoint. Those that fill lookup tables leave no trace
 * in a frozen graph, so there is nothing to do; those that assign variables would change the constants.
 */
import { PermafrostError } from '../errors.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import { throughIdentities } from '../graph/identities.js';
import type { GraphNode } from '../graph/node.js';
import { upstream } from '../graph/upstream.js';
import { isVariable } from '../graph/variables.js';
import { nearest } from '../nearest.js';
import { isWriter } from './variable-writes.js';

/** @throws PermafrostError INVALID_ARGUMENT where there is no such node, UNSUPPORTED where it assigns variables. */
export function checkInitializers(graph: Graph, initializers: readonly string[]): void {
  for (const initializer of initializers) {
    const name = inputNode(initializer);
    if (!graph.byName.has(name)) {
      const [near] = nearest(name, graph.byName.keys());
      const hint = near === undefined ? '' : ` The nearest name is '${near}'.`;
      throw new PermafrostError('INVALID_ARGUMENT', `There is no initialiser node '${name}' in the graph.${hint}`);
    }
    const variable = assignedVariable(graph, name);
    if (variable === undefined) continue;
    throw new PermafrostError(
      'UNSUPPORTED',
      `The initialiser '${name}' assigns the variable '${variable}', and this version cannot evaluate that: ` +
        'the constant would not be what the checkpoint holds. Save a checkpoint after running it, or leave it out.',
    );
  }
}

/** A variable that running a node assigns. */
function assignedVariable(graph: Graph, initializer: string): string | undefined {
  for (const name of upstream(graph, [initializer])) {
    const node = graph.byName.get(name) as GraphNode;
    const [target] = node.inputs;
    if (target === undefined || !isWriter(node)) continue;
    const variable = throughIdentities(graph, target)?.node;
    if (variable && isVariable(variable)) return variable.name;
  }
  return undefined;
}
