/** A placed graph as a picture for Graphviz: devices are clusters, nodes of functions say which, edges between devices red. */
import type { Body } from './bodies.js';
import type { Placed } from './place-graph.js';

export function* dotOf({ columns: { bodies, edges }, placed }: Placed): Generator<string> {
  yield 'digraph placement {\n  rankdir=LR;\n  node [shape=box, fontsize=10];\n';
  for (const [cluster, device] of [...new Set(placed)].sort().entries()) {
    yield `  subgraph cluster_${cluster} {\n    label=${quoted(device || 'no device')};\n`;
    for (const body of bodies) yield* nodesOn(body, (number) => placed[number] === device);
    yield '  }\n';
  }
  for (let at = 0; at < edges.producers.length; at++) {
    const [producer, consumer] = [edges.producers[at], edges.consumers[at]] as [number, number];
    const isCrossing = placed[producer] !== placed[consumer];
    yield `  n${producer} -> n${consumer}${isCrossing ? ' [color=red, penwidth=2]' : ''};\n`;
  }
  yield '}\n';
}

function* nodesOn({ nodes, first, function: name }: Body, isHere: (number: number) => boolean): Generator<string> {
  for (const [position, node] of nodes.entries()) {
    if (!isHere(first + position)) continue;
    const label = [name === undefined ? [] : [`${name}:`], node.name, node.op].flat().join('\n');
    yield `    n${first + position} [label=${quoted(label)}];\n`;
  }
}

/** In quotes of the DOT language, with line breaks as it writes them. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
