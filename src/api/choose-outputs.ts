/** Which nodes to keep: those that were named, or the outputs of the model's signatures. */
import { invalidArgument } from '../errors.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import { describeOutput } from '../inference/suggest/describe.js';
import type { GraphFile } from '../io/read-graph.js';
import type { Signature, SignatureTensor } from '../io/signature.js';
import { sourceName } from '../io/source.js';
import { layoutFacts } from '../layouts/layout-name.js';
import { listNames } from '../nearest.js';
import type { FreezeSettings } from './options/freeze-settings.js';

/** The signature that TensorFlow's servers and loaders take when none is named. */
const usual = 'serving_default';

export interface ChosenOutputs {
  /** Names of nodes. */
  readonly outputs: readonly string[];
  /** The signature that was named, or that the outputs come from. */
  readonly signature: Signature | undefined;
}

type OutputSettings = Pick<FreezeSettings, 'outputs' | 'signature' | 'layout' | 'graph' | 'inferring'>;

/** The word for the outputs that the graph itself speaks for. */
const auto = 'auto';

/**
 * Where nothing is named, a SavedModel keeps all its signatures; other layouts have no room for them and keep the outputs
 * of one, the usual one or the only one.
 * @throws PermafrostError INVALID_ARGUMENT
 */
export async function chooseOutputs(file: GraphFile, settings: OutputSettings): Promise<ChosenOutputs> {
  const { outputs, signature } = settings;
  const isAuto = outputs.length === 1 && outputs[0] === auto && !file.graph.byName.has(auto);
  const isUnnamed = outputs.length === 0 && signature === undefined && settings.inferring.rewrites.size > 0;
  if (file.signatures.length === 0 && (isAuto || isUnnamed)) {
    return { outputs: await suggestedOutputs(file.graph, sourceName(settings.graph)), signature: undefined };
  }
  return named(file, isAuto ? { ...settings, outputs: [] } : settings);
}

function named({ signatures }: GraphFile, { outputs, signature: name, layout, graph }: OutputSettings): ChosenOutputs {
  const source = sourceName(graph);
  if (name === undefined && outputs.length > 0) return { outputs, signature: undefined };
  if (name === undefined && layoutFacts[layout].keepsAllSignatures && signatures.length > 1) {
    const all = outputNodes(signatures);
    if (all.length > 0) return { outputs: all, signature: usualOf(signatures) };
  }
  const signature = name === undefined ? unnamed(signatures, source) : withName(signatures, name, source);
  if (outputs.length > 0) return { outputs, signature };
  const nodes = outputNodes([signature]);
  if (nodes.length > 0) return { outputs: nodes, signature };
  throw invalidArgument(`The signature '${signature.name}' of ${source} has no outputs. Name the output nodes.`);
}

function withName(signatures: readonly Signature[], name: string, source: string): Signature {
  const found = signatures.find((each) => each.name === name);
  if (found) return found;
  throw invalidArgument(`There is no signature '${name}' in ${source}. ${listTitle(signatures)}`, {
    lines: listed(signatures),
  });
}

function unnamed(signatures: readonly Signature[], source: string): Signature {
  const found = usualOf(signatures);
  if (found) return found;
  throw invalidArgument(
    signatures.length === 0
      ? `Expected at least one node name for outputs but received none, and ${source} has no signature that names them.`
      : `${source} has several signatures and none is '${usual}': choose one, or name the output nodes. ${listTitle(signatures)}`,
    { lines: listed(signatures) },
  );
}

/** The signature that is taken where none is named. */
export function usualOf(signatures: readonly Signature[]): Signature | undefined {
  return signatures.find(({ name }) => name === usual) ?? (signatures.length === 1 ? signatures[0] : undefined);
}

/** @throws PermafrostError INVALID_ARGUMENT where they are ambiguous; it lists them. */
async function suggestedOutputs(graph: Graph, source: string): Promise<readonly string[]> {
  // What TensorFlow knows of its ops is large, and a freeze does without it.
  const { suggestOutputs } = await import('../inference/suggest/suggest-outputs.js');
  const { outputs, auto: chosen } = suggestOutputs(graph);
  if (chosen && chosen.length > 0) return chosen;
  if (outputs.length === 0)
    throw invalidArgument(`Nothing in ${source} looks like an output of a model. Name the output nodes.`);
  const lines = outputs.slice(0, listedOutputs).map(describeOutput);
  const more = outputs.length - lines.length;
  if (more > 0) lines.push(`and ${more} more, which \`permafrost suggest\` lists`);
  throw invalidArgument(`${source} has no outputs that are unambiguous. Name those that you want; likely ones are:`, {
    lines,
  });
}

/** How many an error lists. */
const listedOutputs = 10;

/** The nodes that the outputs of signatures come from. */
function outputNodes(signatures: readonly Signature[]): string[] {
  const nodes = signatures.flatMap(({ outputs }) => outputs.map(({ tensor }) => inputNode(tensor)));
  return [...new Set(nodes)].filter((node) => node !== '');
}

function listTitle(signatures: readonly Signature[]): string {
  return signatures.length === 0 ? 'It has no signatures; name the output nodes instead.' : 'The signatures are:';
}

function listed(signatures: readonly Signature[]): string[] {
  return signatures.map(
    ({ name, inputs, outputs }) => `'${name}': from ${tensorList(inputs)} to ${tensorList(outputs)}`,
  );
}

function tensorList(tensors: readonly SignatureTensor[]): string {
  return tensors.length === 0 ? 'nothing' : listNames([...new Set(tensors.map(({ name }) => name))]);
}
