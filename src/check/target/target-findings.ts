/** Findings about a target, by the place that they are of. */
import { reachableFunctions } from '../../graph/function-references.js';
import type { Graph } from '../../graph/graph.js';
import { type FindingList, Findings } from '../finding.js';

/** @param body a function; undefined for the graph itself. */
export type FindingsOf = (body: string | undefined) => Findings;

/** @throws PermafrostError GRAPH_MALFORMED where it cannot be told what is called. */
export function targetFindings(graph: Graph, list: FindingList): FindingsOf {
  const called = reachableFunctions(graph);
  const places = new Map<string | undefined, Findings>();
  return (body) => {
    const known = places.get(body) ?? new Findings(list, body, body !== undefined && !called.has(body));
    places.set(body, known);
    return known;
  };
}
