/**
 * Which results of functions anything is computed from. A graph that computes gradients has functions with results for
 * those alone: the masks of dropout, and whatever else lies between.
 */
import { dataConsumers } from '../graph/consumers.js';
import { bodyNotation, graphNotation, inputNode, type Notation, parseBodyInput } from '../graph/edges.js';
import type { GraphFunction } from '../graph/function.js';
import { functionsOfAttribute, referencedFunctions } from '../graph/function-references.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { choiceOps, loopOps, plainCallOps } from '../graph/op-kinds/calls.js';
import { type NodeSet, upstream } from '../graph/upstream.js';
import type { Wiring } from '../graph/wiring.js';

/** Ops whose outputs are the results of the functions in their attributes, in their order, and nothing more. */
const callOps: ReadonlySet<string> = new Set([...plainCallOps, ...choiceOps]);

/** By name of a function: the numbers of the results that are read. */
export type ReadResults = ReadonlyMap<string, ReadonlySet<number>>;

/**
 * @param outputs names of the graph's outputs.
 * @returns the functions that the outputs need.
 */
export function readResults({ wiring, library }: Graph, outputs: readonly string[]): ReadResults {
  const read = new Map<string, Set<number>>();
  const waiting = new Set<GraphFunction>();
  const mark = (name: string, results: ReadonlySet<number> | undefined): void => {
    const called = library.byName.get(name);
    if (!called) return;
    const known = read.get(name);
    const all = known ?? new Set<number>();
    const size = all.size;
    for (const result of called.outputs.keys()) if (results?.has(result) ?? true) all.add(result);
    read.set(name, all);
    if (!known || all.size > size) waiting.add(called);
  };
  /** @param kept by name of a node: outputs that are read, whoever reads others. */
  const visit = (of: Wiring, notation: Notation, from: readonly string[], kept: PortsOf): void => {
    const needed = upstream({ nodes: of.nodes, wiring: of }, from);
    for (const position of needed.positions()) {
      const node = of.nodes[position] as GraphNode;
      // A Case may name one for very many branches.
      const all = [...new Set([node.op, ...referencedFunctions(node)])];
      if (!all.some((name) => library.byName.has(name))) continue;
      const ports = portsRead(of, notation, position, needed, kept(node.name));
      const [body] = loopOps.has(node.op) ? functionsOfAttribute(node, 'body') : [];
      const loop = body === undefined ? undefined : library.byName.get(body);
      if (loop && body !== undefined) {
        const conditions = functionsOfAttribute(node, 'cond');
        mark(
          body,
          loopVariables(
            loop,
            conditions.map((name) => library.byName.get(name)),
            ports,
          ),
        );
        for (const name of conditions) mark(name, undefined);
      } else for (const name of all) mark(name, callOps.has(node.op) ? ports : undefined);
    }
  };
  visit(wiring, graphNotation, outputs, (name) => (outputs.includes(name) ? undefined : none));
  for (const called of waiting) {
    waiting.delete(called);
    const tensors = tensorsOf(called, read.get(called.name) ?? none);
    const kept = new Map<string, Set<number>>();
    for (const tensor of tensors) {
      const { node, port } = parseBodyInput(tensor);
      kept.set(node, (kept.get(node) ?? new Set()).add(port));
    }
    const from = [...tensors.map(inputNode), ...called.controlReturns.values()];
    visit(called.wiring, bodyNotation, from, (name) => kept.get(name) ?? none);
  }
  return read;
}

/** Undefined: all of them. */
type PortsOf = (node: string) => ReadonlySet<number> | undefined;

const none: ReadonlySet<number> = new Set();

/** Undefined: all of them. */
function portsRead(
  wiring: Wiring,
  notation: Notation,
  position: number,
  needed: NodeSet,
  kept: ReadonlySet<number> | undefined,
): ReadonlySet<number> | undefined {
  if (!kept) return undefined;
  const readers = dataConsumers(wiring, notation, wiring.numbers[position] as number);
  const ports = readers.filter((reader) => needed.hasAt(reader.position)).map(({ port }) => port);
  return new Set([...kept, ...ports]);
}

/** The variables of a loop that are read after it, or that decide how often it runs, or what those become. */
function loopVariables(
  body: GraphFunction,
  conditions: readonly (GraphFunction | undefined)[],
  read: ReadonlySet<number> | undefined,
): ReadonlySet<number> | undefined {
  if (!read || conditions.includes(undefined)) return undefined;
  const all = new Set(read);
  for (const condition of conditions) {
    if (condition) for (const each of argumentsRead(condition, condition.outputs.keys(), () => [])) all.add(each);
  }
  // What a variable becomes is what it is in the next round.
  for (const each of argumentsRead(body, all, (argument) => [argument])) all.add(each);
  return all;
}

/**
 * The numbers of the arguments that results are computed from, and that a function needs besides.
 * @param further numbers of the results that are wanted, too, where an argument is read.
 */
function argumentsRead(
  called: GraphFunction,
  results: Iterable<number>,
  further: (argument: number) => readonly number[],
): Set<number> {
  const read = new Set<number>();
  const numbers = new Map(called.inputs.map(({ name }, number) => [name, number]));
  const names = new Set([...tensorsOf(called, results).map(inputNode), ...called.controlReturns.values()]);
  for (const name of names) {
    for (const input of called.wiring.get(name)?.inputs ?? []) names.add(inputNode(input));
    const argument = numbers.get(name);
    if (argument === undefined) continue;
    read.add(argument);
    for (const tensor of tensorsOf(called, further(argument))) names.add(inputNode(tensor));
  }
  return read;
}

/** What a body writes for results of these numbers. */
function tensorsOf(called: GraphFunction, results: Iterable<number>): string[] {
  return Array.from(results, (result) => {
    const name = called.outputs[result]?.name ?? '';
    return called.returns.get(name) ?? name;
  });
}
