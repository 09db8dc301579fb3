/** Whether anything comes of a tensor in the end. */
import { dataConsumersByName } from '../../../graph/consumers.js';
import { graphNotation } from '../../../graph/edges.js';
import { referencedFunctions } from '../../../graph/function-references.js';
import type { Graph } from '../../../graph/graph.js';
import type { GraphNode } from '../../../graph/node.js';
import { effectOf } from '../../waiting/effects.js';

/** A graph or a body, and what counts in it, by names of nodes. */
export interface Place {
  readonly graph: Graph;
  readonly isNeeded: (name: string) => boolean;
  readonly isOutput: (name: string) => boolean;
}

/** How many nodes are looked at for it; where there are more, something does. */
const maxFollowed = 1000;

/** Whether an output of a node comes to something. */
export function isUsed(place: Place, { name }: GraphNode, port: number): boolean {
  const readers = dataConsumersByName(place.graph.wiring, graphNotation)(name);
  return readers.some(
    (reader) => reader.port === port && place.isNeeded(reader.node.name) && comesToSomething(place, reader.node),
  );
}

/** Whether outputs are computed from what a node makes of its inputs, or anything lasting is done with it. */
export function comesToSomething({ graph, isNeeded, isOutput }: Place, first: GraphNode): boolean {
  const readers = dataConsumersByName(graph.wiring, graphNotation);
  const found = new Set([first]);
  for (const node of found) {
    const isCall = referencedFunctions(node).length > 0 || graph.library.byName.has(node.op);
    const isHarmless = !isCall && /^(none|training)$/.test(effectOf(node, () => false));
    if (!isHarmless || node.op === '_Retval' || isOutput(node.name) || found.size > maxFollowed) return true;
    for (const reader of readers(node.name)) if (isNeeded(reader.node.name)) found.add(reader.node);
  }
  return false;
}
