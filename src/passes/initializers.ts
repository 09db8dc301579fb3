/**
 * TensorFlow runs initialiser nodes after it has restored the checkpoint. Those that fill lookup tables leave no trace
 * in a frozen graph, so there is nothing to do; those that assign variables would change the constants.
 */
import { PermafrostError } from '../errors.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import { isVariable } from '../graph/variables.js';
import { nearest } from '../nearest.js';

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

/** A variable upstream of a node that the way there leads into through an assignment. */
function assignedVariable(graph: Graph, initializer: string): string | undefined {
  const seen = new Set<string>();
  const next = [initializer];
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    const node = graph.byName.get(name);
    if (!node || seen.has(name)) continue;
    seen.add(name);
    const target = graph.byName.get(inputNode(node.inputs[0] ?? ''));
    if (node.op.startsWith('Assign') && target && isVariable(target)) return target.name;
    for (const input of node.inputs) next.push(inputNode(input));
  }
  return undefined;
}
