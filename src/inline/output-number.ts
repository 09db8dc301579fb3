/** From the name of an output, as functions' bodies write it, to its number, as graphs do, and back. */
import { PermafrostError } from '../errors.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { GraphNode } from '../graph/node.js';
import { argumentTypes, opSignature } from '../graph/op-signature.js';
import { listNames } from '../nearest.js';

/**
 * @param input `node:output_name:index`; the node's name alone means its first output.
 * @throws PermafrostError UNSUPPORTED for an op with unknown outputs, GRAPH_INVALID where it has none of that name.
 */
export function outputNumber(library: FunctionLibrary, node: GraphNode, input: string): number {
  const [, name, index = '0'] = input.split(':');
  if (name === undefined) return 0;
  let number = 0;
  const names: string[] = [];
  for (const output of outputsOf(library, node)) {
    if (output.name === name) return number + Number(index);
    names.push(output.name);
    number += output.count;
  }
  throw new PermafrostError(
    'GRAPH_INVALID',
    `Node '${node.name}' (${node.op}) of a function has no output '${name}', which '${input}' reads; it has ${listNames(names)}.`,
  );
}

/**
 * How a function's body writes the output of that number.
 * @throws PermafrostError UNSUPPORTED for an op with unknown outputs, GRAPH_INVALID where it has fewer.
 */
export function outputText(library: FunctionLibrary, node: GraphNode, port: number): string {
  let first = 0;
  for (const { name, count } of outputsOf(library, node)) {
    if (port < first + count) return `${node.name}:${name}:${port - first}`;
    first += count;
  }
  throw new PermafrostError(
    'GRAPH_INVALID',
    `Node '${node.name}' (${node.op}) of a function has no output ${port}; it has ${first}.`,
  );
}

function outputsOf(library: FunctionLibrary, node: GraphNode): { name: string; count: number }[] {
  const called = library.byName.get(node.op);
  if (called) return called.outputs.map(({ name }) => ({ name, count: 1 }));
  const signature = opSignature(node.op);
  if (!signature) {
    throw new PermafrostError(
      'UNSUPPORTED',
      `The functions of the graph cannot be inlined: the outputs of '${node.op}' (node '${node.name}') are not known, ` +
        'since TensorFlow itself has no such op. Freeze the graph with its functions.',
    );
  }
  return signature.outputs.map((output) => ({ name: output.name, count: argumentTypes(node, output)?.length ?? 1 }));
}
