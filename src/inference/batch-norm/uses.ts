/** Where a statistic of the batch goes: the tensors that are the same, but for shape and type, and who reads those. */
import type { Consumer } from '../../graph/consumers.js';
import { parseInput, tensorName } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import type { Scope } from '../scope.js';
import { choicesOf, isChoice } from './choices.js';
import type { Evidence } from './evidence.js';
import { passingOps } from './flow.js';

/** Statistics of batch normalisation go to fewer places. */
const maxTensors = 100;

/**
 * @param start the tensors to begin with.
 * @param chain tensors that count as the same.
 * @param keys of variables whose values a Merge may have in place of the statistic.
 * @returns who does something else with one of those tensors; undefined where it goes to an output, or further than a statistic would.
 */
export function usesOf(
  scope: Scope,
  evidence: Evidence,
  start: Iterable<string>,
  chain: ReadonlySet<string>,
  keys: ReadonlySet<string>,
): Consumer[] | undefined {
  const tensors = new Set(start);
  const uses: Consumer[] = [];
  for (const tensor of tensors) {
    const { node: name, port } = parseInput(tensor);
    if (scope.outputs.has(name) || tensors.size > maxTensors) return undefined;
    for (const reader of evidence.readers(name, port)) {
      const further = outputsOf(scope, reader, tensors, chain, keys);
      for (const each of further) tensors.add(each);
      if (further.length === 0) uses.push(reader);
    }
  }
  return uses;
}

function outputsOf(
  scope: Scope,
  { node, input }: Consumer,
  tensors: ReadonlySet<string>,
  chain: ReadonlySet<string>,
  keys: ReadonlySet<string>,
): string[] {
  if (node.op === 'IdentityN') return [tensorName(node.name, input)];
  if (chain.has(node.name)) return [node.name];
  if (node.op === 'Switch') return input === 0 ? [node.name, tensorName(node.name, 1)] : [];
  if (isChoice(node)) return choosesAverage(scope, node, tensors, keys) ? [node.name] : [];
  return passingOps.has(node.op) && input === 0 ? [node.name] : [];
}

/** Whether a node chooses between the statistic and its moving average. */
function choosesAverage(
  { graph }: Scope,
  node: GraphNode,
  tensors: ReadonlySet<string>,
  keys: ReadonlySet<string>,
): boolean {
  for (const [key, choices] of choicesOf(graph, node).tensors) {
    if (key !== undefined && keys.has(key)) continue;
    for (const each of choices) if (!tensors.has(each)) return false;
  }
  return true;
}
