/** Nodes that hand one tensor on, and what it takes for their readers to read it from where it comes. */
import { colocatedNodes } from './colocations.js';
import { isControlInput, parseInput } from './edges.js';
import type { GraphNode } from './node.js';

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
 * @param instead by the names of the nodes that are passed by: what is read instead of their first output. No circles.
 * @returns the node, or an edited one where it reads one of those.
 */
export function passBy(node: GraphNode, instead: ReadonlyMap<string, string>): GraphNode {
  const inputs = node.inputs.map((input) => source(instead, input));
  return inputs.every((input, index) => input === node.inputs[index]) ? node : node.edit({ inputs });
}

/** What an input reads in the end. */
function source(instead: ReadonlyMap<string, string>, input: string): string {
  let found = input;
  for (;;) {
    const { node, port } = parseInput(found);
    const next = port === 0 ? instead.get(node) : undefined;
    if (next === undefined) return found;
    found = next;
  }
}
