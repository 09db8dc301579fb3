/** Which functions nodes call or hand on: in attributes of type func and list(func), or as their op. */

import { decoding } from '../proto/decoding.js';
import { type AttrValue, messageType, type NameAttrList } from '../proto/types.js';
import type { Graph } from './graph.js';
import type { Attribute, GraphNode } from './node.js';

/** First bytes of an AttrValue that may hold functions: its members `list` and `func`. */
const listTag = 0x0a;
const funcTag = 0x52;

/** The names of the functions in a node's attributes, those in the attributes of functions with them. */
export function referencedFunctions(node: GraphNode): string[] {
  // Not attribute by attribute from the node: a damaged one may have very many, and each is looked for from the first on.
  return Array.from(node.attributes, ([name, value]) => functionsIn(node, name, value)).flat();
}

/** As `referencedFunctions`, of one attribute. */
export function functionsOfAttribute(node: GraphNode, name: string): string[] {
  return functionsIn(node, name, node.get(name));
}

function functionsIn(node: GraphNode, name: string, value: Attribute | undefined): string[] {
  const names: string[] = [];
  if (!(value instanceof Uint8Array) || (value[0] !== listTag && value[0] !== funcTag)) return names;
  decoding(
    () => `Attribute '${name}' of node '${node.name}' (${node.op})`,
    () => collect(messageType('AttrValue').decode(value) as AttrValue, names),
  );
  return names;
}

function collect(value: AttrValue, names: string[]): void {
  const functions: readonly NameAttrList[] = value.func ? [value.func] : (value.list?.func ?? []);
  for (const { name, attr } of functions) {
    if (name) names.push(name);
    for (const inner of Object.values(attr ?? {})) collect(inner, names);
  }
}

/** The names of the functions that the graph's nodes need, and the functions that those need, with their gradients. */
export function reachableFunctions({ nodes, library }: Graph): Set<string> {
  const found = new Set<string>();
  if (library.functions.length === 0) return found;
  const gradients = new Map(
    library.gradients.map(({ functionName, gradientFunction }) => [functionName, gradientFunction]),
  );
  const waiting: string[] = [];
  const visit = (node: GraphNode): void => {
    waiting.push(node.op);
    for (const name of referencedFunctions(node)) waiting.push(name);
  };
  nodes.forEach(visit);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const called = library.byName.get(name);
    if (!called || found.has(name)) continue;
    found.add(name);
    called.nodes.forEach(visit);
    const gradient = gradients.get(name);
    if (gradient !== undefined) waiting.push(gradient);
  }
  return found;
}
