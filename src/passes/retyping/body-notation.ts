import { bodyNotation, type InputEdge, type Notation } from '../../graph/edges.js';
import type { FunctionLibrary } from '../../graph/library.js';
import type { GraphNode } from '../../graph/node.js';

/** How inputs are written in a body, some of whose nodes may call a function by its name: its results name their outputs. */
export function bodyNotationOf(nodes: readonly GraphNode[], library: FunctionLibrary): Notation {
  const results = new Map<string, ReadonlyMap<string, number>>();
  for (const { name, op } of nodes) {
    const called = library.byName.get(op);
    if (called) results.set(name, new Map(called.outputs.map((output, port) => [output.name, port])));
  }
  if (results.size === 0) return bodyNotation;
  const parse = (text: string): InputEdge => {
    const [node = '', output = ''] = text.split(':');
    const port = results.get(node)?.get(output) ?? -1;
    return port < 0 ? bodyNotation.parse(text) : { node, port };
  };
  return { ...bodyNotation, parse };
}
