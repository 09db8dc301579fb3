/** From the name of an output, as functions' bodies write it, to its number, as graphs do, and back. */
import { PermafrostError } from '../errors.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { GraphNode } from '../graph/node.js';
import { type OpSignature, opSignature, outputCounts } from '../graph/op-signature.js';
import { listNames } from '../nearest.js';

/**
 * @param input `node:output_name:index`; the node's name alone means its first output.
 * @throws PermafrostError UNSUPPORTED for an op with unknown outputs, GRAPH_INVALID where it has none of that name.
 */
export function outputNumber(library: FunctionLibrary, node: GraphNode, input: string): number {
  const [, name, index = '0'] = input.split(':');
  if (name === undefined) return 0;
  const called = library.byName.get(node.op);
  const first = called ? called.outputNumbers.get(name) : firstNumber(node, name);
  if (first !== undefined) return first + Number(index);
  const names = (called ?? signatureOf(node)).outputs.map((output) => output.name);
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
  const called = library.byName.get(node.op);
  const own = called?.outputs[port];
  if (own) return `${node.name}:${own.name}:0`;
  let first = 0;
  for (const { name, count } of called ? [] : outputsOf(node)) {
    if (port < first + count) return `${node.name}:${name}:${port - first}`;
    first += count;
  }
  throw new PermafrostError(
    'GRAPH_INVALID',
    `Node '${node.name}' (${node.op}) of a function has no output ${port}; it has ${called?.outputs.length ?? first}.`,
  );
}

/** Of an output of that name, or of the first of its tensors. */
function firstNumber(node: GraphNode, wanted: string): number | undefined {
  let first = 0;
  for (const { name, count } of outputsOf(node)) {
    if (name === wanted) return first;
    first += count;
  }
  return undefined;
}

function outputsOf(node: GraphNode): { name: string; count: number }[] {
  const { outputs } = signatureOf(node);
  const counts = outputCounts(node);
  return outputs.map(({ name }, index) => ({ name, count: counts?.[index] ?? 1 }));
}

function signatureOf({ name, op }: GraphNode): OpSignature {
  const signature = opSignature(op);
  if (signature) return signature;
  throw new PermafrostError(
    'UNSUPPORTED',
    `The functions of the graph cannot be inlined: the outputs of '${op}' (node '${name}') are not known, ` +
      'since TensorFlow itself has no such op. Freeze the graph with its functions.',
  );
}
