import type { Graph } from '../../graph/graph.js';

/** The name, or one with underscores behind it, that no node of the graph has. */
export function freshName(wanted: string, { byName }: Graph): string {
  let name = wanted;
  while (byName.has(name)) name += '_';
  return name;
}
