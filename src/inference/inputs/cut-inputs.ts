/** Gives a graph the inputs that were asked for, or those that stand for iterators and queues. */
import { invalidArgument } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { shapeInOptions } from '../../graph/shape-text.js';
import { type NodeSet, upstream } from '../../graph/upstream.js';
import { dataTypeName } from '../../proto/data-types.js';
import type { Change } from '../change.js';
import { findSources } from './find-sources.js';
import { handedOutBy } from './handed-out-by.js';
import type { InputCut } from './input-cut.js';
import { placePlaceholders } from './place-placeholders.js';
import { namesOf, type ResolvedCut, resolveCuts } from './resolve-cut.js';
import { takenAt } from './tensor-facts.js';

export interface WithInputs {
  readonly graph: Graph;
  /** Names of the placeholders that it was given. */
  readonly inputs: readonly string[];
}

/**
 * Cuts a graph where it was asked for.
 * @param outputs names of nodes.
 * @throws PermafrostError INVALID_ARGUMENT where an input cannot be cut, or is of no use.
 */
export function cutInputs(
  graph: Graph,
  outputs: readonly string[],
  cuts: readonly InputCut[],
  changes: Change[],
): WithInputs {
  const resolved = resolveCuts(graph, cuts);
  refuseTwice(resolved);
  return cutAt(graph, outputs, resolved, new Set(resolved.map(({ node }) => node.name)), changes);
}

/**
 * Cuts a graph at the iterators and queues that the outputs need.
 * @throws PermafrostError INVALID_ARGUMENT where one gives what nobody can feed.
 */
export function cutSources(graph: Graph, outputs: readonly string[], changes: Change[]): WithInputs {
  const { sources, tensors } = findSources(graph, outputs);
  const found = resolveCuts(
    graph,
    tensors.map((tensor) => ({ tensor })),
  );
  return cutAt(graph, outputs, found, sources, changes);
}

function cutAt(
  graph: Graph,
  outputs: readonly string[],
  cuts: readonly ResolvedCut[],
  sources: ReadonlySet<string>,
  changes: Change[],
): WithInputs {
  if (sources.size === 0) return { graph, inputs: [] };
  const before = upstream(graph, outputs);
  const given = new Set(outputs);
  for (const cut of cuts) refuseUseless(cut, given, before);
  const { graph: after, needed } = placePlaceholders(graph, outputs, cuts, sources);
  for (const cut of cuts) {
    if (!needed.has(cut.name)) {
      throw invalidArgument(
        `The input '${tensorOf(cut)}' is of no use: all that the outputs need of it lies in front of another input. ` +
          'Leave one out.',
      );
    }
    changes.push({
      rewrite: 'inputs',
      node: cut.name,
      functionName: undefined,
      isLeft: false,
      text: describe(graph, cut),
    });
  }
  return { graph: after, inputs: cuts.map(({ name }) => name) };
}

function refuseTwice(cuts: readonly ResolvedCut[]): void {
  const tensors = new Set<string>();
  const names = new Map<string, string>();
  for (const cut of cuts) {
    const tensor = tensorOf(cut);
    if (tensors.has(tensor)) throw invalidArgument(`The input '${tensor}' is given twice. Leave one out.`);
    tensors.add(tensor);
    const other = names.get(cut.name);
    if (other !== undefined)
      throw invalidArgument(`The inputs '${other}' and '${tensor}' cannot both be named '${cut.name}'.`);
    names.set(cut.name, tensor);
  }
}

function refuseUseless(cut: ResolvedCut, outputs: ReadonlySet<string>, needed: NodeSet): void {
  const tensor = tensorOf(cut);
  if (outputs.has(cut.node.name)) {
    throw invalidArgument(
      `'${cut.node.name}' is an output, so it cannot be an input too: nothing would be computed for it.`,
    );
  }
  const readers = cut.readers.filter(({ position }) => needed.hasAt(position));
  if (readers.length === 0) {
    const read = cut.readers.length > 0 ? ` It is read by ${namesOf(cut.readers)}, which they do not need either.` : '';
    throw invalidArgument(`No output needs '${tensor}', so it would be no input of theirs.${read} Leave it out.`);
  }
  const writer = readers.find(({ node, input }) => takenAt(node, input)?.isReference);
  if (writer) {
    throw invalidArgument(
      `'${tensor}' cannot be an input: '${writer.node.name}' (${writer.node.op}) takes a reference to a variable, and what is fed is none.`,
    );
  }
}

function describe(graph: Graph, cut: ResolvedCut): string {
  const { node, dtype, shape, evidence } = cut;
  const source = handedOutBy(graph, node);
  const of = source === undefined ? node.op : `${node.op}, from a${/^[aei]/.test(source) ? 'n' : ''} ${source}`;
  const fed = ['is fed ', dataTypeName(dtype), shapeInOptions(shape), ", in place of '", tensorOf(cut), "' ("];
  // Joined, which takes a tenth of what the engine keeps of a text that is put together: there may be very many.
  return [...fed, of, '; ', evidence, ')'].join('');
}

function tensorOf({ node, port }: ResolvedCut): string {
  return `${node.name}:${port}`;
}
