/** Who reads an Identity reads what it hands on instead. An output stays, and what control edges or colocations go to. */
import type { Graph } from '../graph/graph.js';
import { passBy, passedIdentities } from '../graph/pass-by.js';
import type { Optimizing } from './optimization.js';

export function passIdentities(graph: Graph, { outputs, report }: Optimizing): Graph {
  const instead = passedIdentities(graph.nodes, graph.byName, ({ name }) => outputs.has(name));
  for (const [name, input] of instead) report(name, `is passed by: its readers read ${input}`);
  return instead.size === 0 ? graph : graph.mapNodes((node) => (instead.has(node.name) ? node : passBy(node, instead)));
}
