/**
 * A placed graph as a picture for Graphviz: devices are clusters, edges between devices are red, and the names of functions
 * go before those of their nodes.
 */
import { addToList } from '../add-to-list.js';
import { shortName } from '../printable.js';
import { nodeByNumber } from './columns/bodies.js';
import { crosses, type Placed } from './place-graph.js';

export function* dotOf(graph: Placed): Generator<string> {
  const { bodies, edges } = graph.columns;
  yield 'digraph placement {\n  rankdir=LR;\n  node [shape=box, fontsize=10];\n';
  for (const [cluster, [device, numbers]] of numbersByDevice(graph).entries()) {
    yield `  subgraph cluster_${cluster} {\n    label=${quoted(device || 'no device')};\n`;
    for (const number of numbers) {
      const { node, body } = nodeByNumber(bodies, number);
      const inside = body.function === undefined ? [] : [`${shortName(body.function)}:`];
      const label = [...inside, node.name, node.op].join('\n');
      yield `    n${number} [label=${quoted(label)}];\n`;
    }
    yield '  }\n';
  }
  for (let at = 0; at < edges.producers.length; at++) {
    const [producer, consumer] = [edges.producers[at], edges.consumers[at]] as [number, number];
    yield `  n${producer} -> n${consumer}${crosses(graph, producer, consumer) ? ' [color=red, penwidth=2]' : ''};\n`;
  }
  yield '}\n';
}

/** The numbers of the nodes that carry each device, by its string. */
function numbersByDevice({ placed }: Placed): [device: string, numbers: number[]][] {
  const all = new Map<string, number[]>();
  placed.forEach((device, number) => {
    addToList(all, device, number);
  });
  return [...all].sort(([first], [second]) => (first < second ? -1 : 1));
}

/** In quotes of the DOT language, with line breaks as it writes them. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
