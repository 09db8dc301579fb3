/** Which nodes to keep: those that were named, or the outputs of one of the model's signatures. */
import { PermafrostError } from '../errors.js';
import { inputNode } from '../graph/edges.js';
import type { GraphFile } from '../io/read-graph.js';
import type { Signature, SignatureTensor } from '../io/signature.js';
import { listNames } from '../nearest.js';

/** The signature that TensorFlow's servers and loaders take when none is named. */
const usual = 'serving_default';

export interface ChosenOutputs {
  /** Names of nodes. */
  readonly outputs: readonly string[];
  /** The signature that was named, or that the outputs come from. */
  readonly signature: Signature | undefined;
}

/**
 * @param outputs empty: the signature's.
 * @param name of the signature; undefined: the usual one, or the only one, if outputs are needed from it.
 * @param source the graph's path for messages.
 * @throws PermafrostError INVALID_ARGUMENT
 */
export function chooseOutputs(
  { signatures }: Pick<GraphFile, 'signatures'>,
  {
    outputs,
    signature: name,
    graph: source,
  }: { outputs: readonly string[]; signature: string | undefined; graph: string },
): ChosenOutputs {
  if (name === undefined && outputs.length > 0) return { outputs, signature: undefined };
  const signature = name === undefined ? unnamed(signatures, source) : named(signatures, name, source);
  if (outputs.length > 0) return { outputs, signature };
  const nodes = [...new Set(signature.outputs.map(({ tensor }) => inputNode(tensor)))].filter((node) => node !== '');
  if (nodes.length > 0) return { outputs: nodes, signature };
  throw invalid(`The signature '${signature.name}' of ${source} has no outputs. Name the output nodes.`);
}

function named(signatures: readonly Signature[], name: string, source: string): Signature {
  const found = signatures.find((each) => each.name === name);
  if (found) return found;
  throw invalid(`There is no signature '${name}' in ${source}. ${listed(signatures)}`);
}

function unnamed(signatures: readonly Signature[], source: string): Signature {
  const [only] = signatures;
  const found = signatures.find((each) => each.name === usual) ?? (signatures.length === 1 ? only : undefined);
  if (found) return found;
  throw invalid(
    signatures.length === 0
      ? `Expected at least one node name for outputs but received none, and ${source} has no signature that names them.`
      : `${source} has several signatures and none is '${usual}': choose one, or name the output nodes. ${listed(signatures)}`,
  );
}

function listed(signatures: readonly Signature[]): string {
  if (signatures.length === 0) return 'It has no signatures; name the output nodes instead.';
  const lines = signatures.map(
    ({ name, inputs, outputs }) => `\n  '${name}': from ${tensorList(inputs)} to ${tensorList(outputs)}`,
  );
  return `The signatures are:${lines.join('')}`;
}

function tensorList(tensors: readonly SignatureTensor[]): string {
  return tensors.length === 0 ? 'nothing' : listNames([...new Set(tensors.map(({ name }) => name))]);
}

function invalid(message: string): PermafrostError {
  return new PermafrostError('INVALID_ARGUMENT', message);
}
