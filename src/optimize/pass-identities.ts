/** Who reads an Identity reads what it hands on instead. An output stays, and what control edges or colocations go to. */
import type { Graph } from '../graph/graph.js';
import { handedOnInTheEnd, heldNames, passBy } from '../graph/pass-by.js';
import { handedOn } from '../graph/plain-identity.js';
import type { Optimizing } from './optimization.js';

export function passIdentities(graph: Graph, { outputs, report }: Optimizing): Graph {
  const held = heldNames(graph.nodes);
  const identities = new Map<string, string>();
  for (const node of graph.nodes) {
    if (outputs.has(node.name) || held.has(node.name)) continue;
    const input = handedOn(node, graph.byName);
    if (input !== undefined) identities.set(node.name, input);
  }
  const instead = handedOnInTheEnd(identities);
  for (const [name, input] of instead) report(name, `is passed by: its readers read ${input}`);
  return instead.size === 0 ? graph : graph.mapNodes((node) => (instead.has(node.name) ? node : passBy(node, instead)));
}
