import { invalidArgument } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { upstream } from '../../graph/upstream.js';
import { nodesOf } from './bind-nodes.js';
import type { Binding } from './binding.js';

/**
 * A binding that nothing comes of is a mistake: of a name, of the outputs, or of where the graph was cut.
 * @param whole the graph before it was cut.
 * @param outputs names of nodes.
 * @throws PermafrostError INVALID_ARGUMENT
 */
export function refuseUseless(
  graph: Graph,
  whole: Graph,
  outputs: readonly string[],
  bindings: readonly Binding[],
): void {
  if (bindings.length === 0) return;
  const needed = upstream(graph, outputs);
  for (const { name } of bindings) {
    if (nodesOf(graph, name).some((node) => needed.has(node.name))) continue;
    const before = upstream(whole, outputs);
    const wasNeeded = graph !== whole && nodesOf(whole, name).some((node) => before.has(node.name));
    const why = wasNeeded ? ' All that they needed it for lies in front of the inputs.' : '';
    throw invalidArgument(
      `No output needs '${name}', so it makes no difference what it is bound to.${why} Leave the binding out.`,
    );
  }
}
