/**
 * State of the model that happens to be written of gradients: what a Hamiltonian network goes on from, what an energy is
 * lowered by, a weight that is adapted for one prediction and put back. By its op, its write is the step of an optimiser. A
 * weight in training differs in this: its gradient is taken, and nothing but that changes it, no data and no copy of before.
 */
import { readType } from '../../graph/attributes.js';
import { parseInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { handlesTrainingData } from '../../graph/op-kinds/data-sources.js';
import { identityOps, reshapingOps } from '../../graph/op-kinds/handing-on.js';
import { placeholderOps } from '../../graph/op-kinds/placeholders.js';
import { dataUpstream, type NodeSet, upstream } from '../../graph/upstream.js';
import { updateOf } from '../../passes/writes/variable-writes.js';
import { DataType } from '../../proto/data-types.js';
import type { Scope } from '../scope.js';
import { derivedFrom, variableOf, writesByVariable } from './gradient-flow.js';

const allInputs = ({ inputs }: GraphNode): readonly string[] => inputs;

/** What each term goes into as it is, so that one of data is not lost among those of gradients. */
const sums: ReadonlySet<string> = new Set(['Add', 'AddV2', 'AddN', 'Sub', ...identityOps, ...reshapingOps]);

/**
 * What outputs are computed from, with the state of the model that they read after it was written to.
 * @param gradients positions.
 */
export function computedFrom(scope: Scope, gradients: readonly number[]): NodeSet {
  const { graph, outputs } = scope;
  const own = new Set<string>();
  const names = new Set(gradients.map((position) => (graph.nodes[position] as GraphNode).name));
  // Among it, the weights that gradients are of.
  const trained = dataUpstream(graph, names, allInputs);
  const states = new Map(gradients.length > 0 ? writesOfGradients(scope, gradients, trained) : []);
  const isState = stateTest(scope, names, trained, derivedFrom(graph, gradients));
  for (;;) {
    const computed = dataUpstream(graph, [...outputs, ...own], allInputs);
    const read = [...states.keys()].flatMap((variable) => readsOf(scope, variable, computed));
    const anyBefore = upstream(graph, read);
    const found = [...states].filter(([variable, writes]) => {
      // The first two cost little, and are mostly not so.
      if (!writes.some(({ name }) => anyBefore.has(name)) || !isState(variable, writes)) return false;
      const before = upstream(graph, readsOf(scope, variable, computed));
      return writes.some(({ name }) => before.has(name));
    });
    if (found.length === 0) return computed;
    for (const [variable, writes] of found) {
      states.delete(variable);
      for (const { name } of writes) own.add(name);
    }
  }
}

/** Names of computed nodes that read a variable. */
export function readsOf({ readers }: Scope, variable: string, computed: NodeSet): string[] {
  const reads = readers(variable).filter(({ position }) => computed.hasAt(position));
  return reads.map(({ node }) => node.name);
}

/** What is read of a weight in training is as it is stored, so that what is made of it does not count. */
function writesOfGradients(
  scope: Scope,
  gradients: readonly number[],
  trained: NodeSet,
): [string, readonly GraphNode[]][] {
  const derived = derivedFrom(scope.graph, gradients, (variable) => !trained.has(variable));
  return [...writesByVariable(scope)].filter(([, writes]) => writes.some(({ name }) => derived.has(name)));
}

/**
 * @param gradients names.
 * @param trained what they are computed from.
 * @param derived what is computed of them.
 */
function stateTest(
  scope: Scope,
  gradients: ReadonlySet<string>,
  trained: NodeSet,
  derived: NodeSet,
): (variable: string, writes: readonly GraphNode[]) => boolean {
  /** Data that is added counts; what a gradient is multiplied with only tells how far a step goes. */
  const takesData = (value: string): boolean => {
    let found = false;
    dataUpstream(scope.graph, [parseInput(value).node], (node) => {
      found ||= isData(node);
      if (gradients.has(node.name)) return [];
      const isWhole = !derived.has(node.name) || sums.has(node.op);
      return isWhole ? node.inputs : node.inputs.filter((input) => derived.has(parseInput(input).node));
    });
    return found;
  };

  const isOfModel = (write: GraphNode): boolean => {
    const [, value] = write.inputs;
    if (updateOf(write) === undefined || value === undefined) return false;
    return takesData(value) || putsBack(scope, write, derived);
  };
  return (variable, writes) => !trained.has(variable) || writes.some(isOfModel);
}

function isData(node: GraphNode): boolean {
  if (node.op === '_Arg') return readType(node, 'T') !== DataType.resource;
  return placeholderOps.has(node.op) || handlesTrainingData(node.op);
}

/** Whether a write gives a variable what was read of it before any step. */
function putsBack({ graph }: Scope, write: GraphNode, derived: NodeSet): boolean {
  if (updateOf(write) !== 'replaced') return false;
  const value = parseInput(write.inputs[1] as string).node;
  const handedOn = dataUpstream(graph, [value], ({ op, inputs }) => (identityOps.has(op) ? inputs : []));
  return handedOn.nodes().some((node) => !derived.has(node.name) && variableOf(node) === variableOf(write));
}
