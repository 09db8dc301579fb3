/**
 * Which results of functions anything is computed from. A graph that computes gradients has functions with results for
 * those alone: the masks of dropout, and whatever else lies between.
 */
import { dataConsumers } from '../graph/consumers.js';
import { bodyNotation, graphNotation, inputNode, type Notation, parseBodyInput } from '../graph/edges.js';
import type { GraphFunction } from '../graph/function.js';
import { referencedFunctions } from '../graph/function-references.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import type { Wiring } from '../graph/wiring.js';

/** Ops whose outputs are the results of the functions in their attributes, in their order, and nothing more. */
const callOps: ReadonlySet<string> = new Set([
  'PartitionedCall',
  'StatefulPartitionedCall',
  'If',
  'StatelessIf',
  'Case',
  'StatelessCase',
]);

/** By name of a function: the numbers of the results that are read. */
export type ReadResults = ReadonlyMap<string, ReadonlySet<number>>;

/**
 * @param outputs names of the graph's outputs.
 * @returns the functions that the outputs need.
 */
export function readResults({ wiring, library }: Graph, outputs: readonly string[]): ReadResults {
  const read = new Map<string, Set<number>>();
  const waiting = new Set<GraphFunction>();
  const mark = (name: string, results: Iterable<number> | undefined): void => {
    const called = library.byName.get(name);
    if (!called) return;
    const known = read.get(name);
    const all = known ?? new Set<number>();
    const size = all.size;
    for (const result of results ?? called.outputs.keys()) all.add(result);
    read.set(name, all);
    if (!known || all.size > size) waiting.add(called);
  };
  const visit = (
    of: Wiring,
    notation: Notation,
    from: readonly string[],
    isOutput: (name: string) => boolean,
  ): void => {
    const needed = upstreamOf(of, from);
    for (const position of needed) {
      const node = of.nodes[position] as GraphNode;
      const functions = functionsOf(node);
      if (functions.length === 0) continue;
      const isAll = !callOps.has(node.op) || isOutput(node.name);
      const ports = isAll ? undefined : portsRead(of, notation, position, needed);
      for (const name of functions) mark(name, ports);
    }
  };
  visit(wiring, graphNotation, outputs, (name) => outputs.includes(name));
  for (const called of waiting) {
    waiting.delete(called);
    const results = [...(read.get(called.name) ?? [])].map((result) => called.outputs[result]?.name ?? '');
    const tensors = results.map((result) => called.returns.get(result) ?? result);
    const returned = new Map<string, number[]>();
    for (const tensor of tensors) {
      const { node, port } = parseBodyInput(tensor);
      returned.set(node, [...(returned.get(node) ?? []), port]);
    }
    visit(called.wiring, bodyNotation, [...tensors.map(inputNode), ...called.controlReturns.values()], () => false);
    for (const [name, ports] of returned) {
      const node = called.wiring.get(name);
      if (node && callOps.has(node.op)) for (const inner of functionsOf(node)) mark(inner, ports);
    }
  }
  return read;
}

function functionsOf(node: GraphNode): string[] {
  return [node.op, ...referencedFunctions(node)];
}

function portsRead(wiring: Wiring, notation: Notation, position: number, needed: ReadonlySet<number>): Set<number> {
  const readers = dataConsumers(wiring, notation, wiring.numbers[position] as number);
  return new Set(readers.filter((reader) => needed.has(reader.position)).map(({ port }) => port));
}

function upstreamOf(wiring: Wiring, from: readonly string[]): Set<number> {
  const found = new Set<number>();
  const waiting = from.map((name) => wiring.positionOf(name));
  for (let position = waiting.pop(); position !== undefined; position = waiting.pop()) {
    if (position < 0 || found.has(position)) continue;
    found.add(position);
    for (const source of wiring.sourcesOf(position)) waiting.push(source);
  }
  return found;
}
