/** Which nodes to keep: those that were named, or the outputs of the model's signatures. */
import { PermafrostError } from '../errors.js';
import { inputNode } from '../graph/edges.js';
import type { GraphFile } from '../io/read-graph.js';
import type { Signature, SignatureTensor } from '../io/signature.js';
import { layoutFacts } from '../layouts/layout-name.js';
import { listNames } from '../nearest.js';
import type { FreezeSettings } from './freeze-options.js';

/** The signature that TensorFlow's servers and loaders take when none is named. */
const usual = 'serving_default';

export interface ChosenOutputs {
  /** Names of nodes. */
  readonly outputs: readonly string[];
  /** The signature that was named, or that the outputs come from. */
  readonly signature: Signature | undefined;
}

/**
 * Where nothing is named, a SavedModel keeps all its signatures; other layouts have no room for them and keep the outputs
 * of one, the usual one or the only one.
 * @throws PermafrostError INVALID_ARGUMENT
 */
export function chooseOutputs(
  { signatures }: Pick<GraphFile, 'signatures'>,
  {
    outputs,
    signature: name,
    layout,
    graph: source,
  }: Pick<FreezeSettings, 'outputs' | 'signature' | 'layout' | 'graph'>,
): ChosenOutputs {
  if (name === undefined && outputs.length > 0) return { outputs, signature: undefined };
  if (name === undefined && layoutFacts[layout].keepsAllSignatures && signatures.length > 1) {
    const all = outputNodes(signatures);
    if (all.length > 0) return { outputs: all, signature: usualOf(signatures) };
  }
  const signature = name === undefined ? unnamed(signatures, source) : named(signatures, name, source);
  if (outputs.length > 0) return { outputs, signature };
  const nodes = outputNodes([signature]);
  if (nodes.length > 0) return { outputs: nodes, signature };
  throw invalid(`The signature '${signature.name}' of ${source} has no outputs. Name the output nodes.`);
}

function named(signatures: readonly Signature[], name: string, source: string): Signature {
  const found = signatures.find((each) => each.name === name);
  if (found) return found;
  throw invalid(`There is no signature '${name}' in ${source}. ${listed(signatures)}`);
}

function unnamed(signatures: readonly Signature[], source: string): Signature {
  const found = usualOf(signatures);
  if (found) return found;
  throw invalid(
    signatures.length === 0
      ? `Expected at least one node name for outputs but received none, and ${source} has no signature that names them.`
      : `${source} has several signatures and none is '${usual}': choose one, or name the output nodes. ${listed(signatures)}`,
  );
}

function usualOf(signatures: readonly Signature[]): Signature | undefined {
  return signatures.find(({ name }) => name === usual) ?? (signatures.length === 1 ? signatures[0] : undefined);
}

/** The nodes that the outputs of signatures come from. */
function outputNodes(signatures: readonly Signature[]): string[] {
  const nodes = signatures.flatMap(({ outputs }) => outputs.map(({ tensor }) => inputNode(tensor)));
  return [...new Set(nodes)].filter((node) => node !== '');
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
