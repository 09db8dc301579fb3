/**
 * State of the model that happens to be written of gradients: what a Hamiltonian network goes on from, what an energy is
 * lowered by, a weight that is adapted for one prediction and put back. By its op, its write is the step of an optimiser. A
 * weight in training differs in this: its gradient is taken, and nothing but that changes it, no data and no copy of before.
 */
import { readType } from '../../graph/attributes.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { handlesTrainingData } from '../../graph/op-kinds/data-sources.js';
import { identityOps, reshapingOps } from '../../graph/op-kinds/handing-on.js';
import { placeholderOps } from '../../graph/op-kinds/placeholders.js';
import { dataUpstream, downstream, NodeSet, reach } from '../../graph/upstream.js';
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
  const names = new Set(gradients.map((position) => (graph.nodes[position] as GraphNode).name));
  // Among it, the weights that gradients are of.
  const trained = dataUpstream(graph, names, allInputs);
  const states = new Map(gradients.length > 0 ? writesOfGradients(scope, gradients, trained) : []);
  const isState = stateTest(scope, names, trained, derivedFrom(graph, gradients));
  const computed = new NodeSet(graph);
  /** By variable. */
  const afterwards = new Map<string, ReadonlySet<number>>();
  const found = [...outputs].map((name) => graph.wiring.positionOf(name));
  for (let position = found.pop(); position !== undefined; position = found.pop()) {
    if (position < 0 || computed.hasAt(position)) continue;
    computed.addAt(position);
    const { inputs } = graph.nodes[position] as GraphNode;
    for (const input of inputs) {
      if (isControlInput(input)) continue;
      const { node: source } = parseInput(input);
      found.push(graph.wiring.positionOf(source));
      const writes = states.get(source);
      if (!writes) continue;
      const reads = afterwards.get(source) ?? readsAfter(scope, source, isState(source, writes) ? writes : []);
      afterwards.set(source, reads);
      if (!reads.has(position)) continue;
      states.delete(source);
      for (const { name } of writes) found.push(graph.wiring.positionOf(name));
    }
  }
  return computed;
}

/** Positions of the nodes that read a variable after it was written to. */
function readsAfter({ graph, readers }: Scope, variable: string, writes: readonly GraphNode[]): ReadonlySet<number> {
  if (writes.length === 0) return new Set();
  const { wiring } = graph;
  const start = writes.map(({ name }) => wiring.positionOf(name));
  const after = downstream(graph, start);
  return new Set(readers(variable).flatMap(({ position }) => (after.hasAt(position) ? position : [])));
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
  let ofData: NodeSet | undefined;
  const takesData = (value: string): boolean => {
    ofData ??= madeOfData(scope.graph, gradients, derived);
    return ofData.has(parseInput(value).node);
  };

  const isOfModel = (write: GraphNode): boolean => {
    const [, value] = write.inputs;
    if (updateOf(write) === undefined || value === undefined) return false;
    return takesData(value) || putsBack(scope, write, derived);
  };
  return (variable, writes) => !trained.has(variable) || writes.some(isOfModel);
}

/** What data goes into without a gradient in between. */
function madeOfData({ nodes, wiring }: Graph, gradients: ReadonlySet<string>, derived: NodeSet): NodeSet {
  const data = nodes.flatMap((node, position) => (isData(node) ? position : []));
  return reach({ nodes, wiring }, data, (position, visit) => {
    const isDerived = derived.hasAt(position);
    wiring.forEachReader(wiring.numbers[position] as number, (at, input) => {
      const reader = nodes[at] as GraphNode;
      if (isControlInput(reader.inputs[input] as string) || gradients.has(reader.name)) return;
      if (isDerived || !derived.hasAt(at) || sums.has(reader.op)) visit(at);
    });
  });
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
