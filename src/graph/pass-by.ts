/** Nodes that hand one tensor on, and what it takes for their readers to read it from where it comes. */
import { colocatedNodes } from './colocations.js';
import { isControlInput, parseInput } from './edges.js';
import type { NodesByName } from './graph.js';
import type { GraphNode } from './node.js';
import { handedOn } from './plain-identity.js';

/** Names of nodes that more hangs on than who reads their outputs: control edges go to them, or colocations. */
export function heldNames(nodes: readonly GraphNode[]): Set<string> {
  const held = new Set<string>();
  for (const node of nodes) {
    for (const input of node.inputs) if (isControlInput(input)) held.add(input.slice(1));
    for (const other of colocatedNodes(node)) held.add(other);
  }
  return held;
}

/**
 * What nodes that are passed by hand on in the end, past all others of them.
 * @param handedOn by the names of the nodes: what each hands on as its first output, maybe the output of another. No circles.
 * @returns in the same order.
 */
export function handedOnInTheEnd(handedOn: ReadonlyMap<string, string>): Map<string, string> {
  const inTheEnd = new Map<string, string>();
  const passedBy = (input: string): string | undefined => {
    const { node, port } = parseInput(input);
    return port === 0 && handedOn.has(node) ? node : undefined;
  };
  for (const start of handedOn.keys()) {
    // No chain is walked twice, in whatever order its nodes stand.
    const chain: string[] = [];
    let name: string | undefined = start;
    let found = start;
    while (name !== undefined && !inTheEnd.has(name)) {
      chain.push(name);
      found = handedOn.get(name) as string;
      name = passedBy(found);
    }
    if (name !== undefined) found = inTheEnd.get(name) as string;
    for (const each of chain) inTheEnd.set(each, found);
  }
  return new Map(Array.from(handedOn.keys(), (name) => [name, inTheEnd.get(name) as string]));
}

/**
 * The Identities that can be passed by, with what they hand on in the end: nothing hangs on them but who reads their outputs.
 * @param isKept whether a node stays all the same.
 */
export function passedIdentities(
  nodes: readonly GraphNode[],
  byName: NodesByName,
  isKept: (node: GraphNode) => boolean,
): Map<string, string> {
  const all = nodes.flatMap((node) => {
    const input = handedOn(node, byName);
    return input === undefined ? [] : [{ node, input }];
  });
  // Most of very many functions have none.
  if (all.length === 0) return new Map();
  const held = heldNames(nodes);
  const passed = all.filter(({ node }) => !held.has(node.name) && !isKept(node));
  return handedOnInTheEnd(new Map(passed.map(({ node, input }) => [node.name, input])));
}

/**
 * @param instead by the names of the nodes that are passed by: what is read instead of their first output, in the end.
 * @returns the node, or an edited one where it reads one of those.
 */
export function passBy(node: GraphNode, instead: ReadonlyMap<string, string>): GraphNode {
  const inputs = node.inputs.map((input) => {
    const { node: producer, port } = parseInput(input);
    return (port === 0 ? instead.get(producer) : undefined) ?? input;
  });
  return inputs.every((input, index) => input === node.inputs[index]) ? node : node.edit({ inputs });
}
