/**
 * Who reads an Identity reads what it hands on instead, as TensorFlow's `remove_training_nodes` has it. An Identity stays
 * where more hangs on it: it is an output, control edges or colocations go to it or from it, it takes a snapshot of a
 * variable, or it hands a handle on.
 */
import { readType } from '../../graph/attributes.js';
import { colocatedNodes } from '../../graph/colocations.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { referenceInputs } from '../../graph/reference-inputs.js';
import { isVariable } from '../../graph/variables.js';
import { DataType } from '../../proto/data-types.js';
import type { Scope } from '../scope.js';

export function collapseIdentities(scope: Scope): void {
  const nodes = scope.needed.nodes();
  const held = new Set(
    nodes.flatMap((node) => [...node.inputs.filter(isControlInput).map(nodeOf), ...colocatedNodes(node)]),
  );
  const isHeld = ({ name }: GraphNode): boolean =>
    held.has(name) || scope.outputs.has(name) || scope.controls.has(name);
  const spliced = new Map<string, string>();
  for (const node of nodes) {
    const [input] = node.inputs;
    if (node.op !== 'Identity' || node.inputs.length !== 1 || input === undefined || isHeld(node)) continue;
    if (colocatedNodes(node).length > 0 || isHandle(node) || givesReference(scope.graph.byName.get(nodeOf(input))))
      continue;
    spliced.set(node.name, input);
    scope.report('training-ops', node.name, `is passed by: its readers read ${input}`);
  }
  for (const node of nodes) {
    if (spliced.size === 0 || spliced.has(node.name)) continue;
    const inputs = node.inputs.map((input) => source(spliced, input));
    if (inputs.some((input, index) => input !== node.inputs[index])) scope.replace(node.edit({ inputs }));
  }
}

function nodeOf(input: string): string {
  return parseInput(input).node;
}

/** What an input reads in the end. Identities in a circle are no graph's, and were refused. */
function source(spliced: ReadonlyMap<string, string>, input: string): string {
  let found = input;
  for (;;) {
    const { node, port } = parseInput(found);
    const next = port === 0 ? spliced.get(node) : undefined;
    if (next === undefined) return found;
    found = next;
  }
}

/** Handles are told apart by what holds them, so they go the way that they went. */
function isHandle(node: GraphNode): boolean {
  return readType(node, 'T') === DataType.resource;
}

function givesReference(producer: GraphNode | undefined): boolean {
  if (!producer) return false;
  return isVariable(producer) || referenceInputs.has(producer.op) || producer.op.startsWith('Ref');
}
