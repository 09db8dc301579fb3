import { DataType } from '../proto/data-types.js';
import { readType } from './attributes.js';
import { inputNode, isControlInput } from './edges.js';
import type { NodesByName } from './graph.js';
import type { GraphNode } from './node.js';
import { referenceInputs } from './reference-inputs.js';
import { isVariable } from './variables.js';

/**
 * What an Identity hands on that does nothing else: it waits for nothing, takes no snapshot of a variable, and hands no
 * handle on, since handles are told apart by what holds them.
 */
export function handedOn(node: GraphNode, byName: NodesByName): string | undefined {
  const [input] = node.inputs;
  if (node.op !== 'Identity' || node.inputs.length !== 1 || input === undefined || isControlInput(input))
    return undefined;
  const isPlain = readType(node, 'T') !== DataType.resource && !givesReference(byName.get(inputNode(input)));
  return isPlain ? input : undefined;
}

function givesReference(producer: GraphNode | undefined): boolean {
  if (!producer) return false;
  return isVariable(producer) || referenceInputs.has(producer.op) || producer.op.startsWith('Ref');
}
