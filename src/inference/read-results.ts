/**
 * Which results of functions anything is computed from. A graph that computes gradients has functions with results for
 * those alone: the masks of dropout, and whatever else lies between.
 */
import { bodyNotation, graphNotation, type InputEdge, isControlInput, type Notation } from '../graph/edges.js';
import type { GraphFunction } from '../graph/function.js';
import { functionsOfAttribute, referencedFunctions } from '../graph/function-references.js';
import type { Graph } from '../graph/graph.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { GraphNode } from '../graph/node.js';
import { choiceOps, loopOps, plainCallOps } from '../graph/op-kinds/calls.js';
import { NodeSet } from '../graph/upstream.js';
import type { Wiring } from '../graph/wiring.js';
import { LoopVariables, tensorOf } from './loop-variables.js';

/** Ops whose outputs are the results of the functions in their attributes, in their order, and nothing more. */
const callOps: ReadonlySet<string> = new Set([...plainCallOps, ...choiceOps]);

/** By name of a function: the numbers of the results that are read. */
export type ReadResults = ReadonlyMap<string, ReadonlySet<number>>;

/**
 * @param outputs names of the graph's outputs.
 * @returns the functions that the outputs need.
 */
export function readResults({ wiring, library }: Graph, outputs: readonly string[]): ReadResults {
  const search = new Search(library);
  const main = new Place(wiring, graphNotation);
  for (const output of outputs) search.needWhole(main, output);
  search.run();
  return search.read;
}

/** The graph or a body, and what is needed in it so far. */
class Place {
  readonly needed: NodeSet;
  /** Of those that were asked: what calls functions, by position, and what calls none. */
  readonly calls = new Map<number, Call>();
  readonly plain: NodeSet;

  constructor(
    readonly wiring: Wiring,
    readonly notation: Notation,
  ) {
    this.needed = new NodeSet({ nodes: wiring.nodes, wiring });
    this.plain = new NodeSet({ nodes: wiring.nodes, wiring });
  }
}

interface Call {
  /** Of the library. */
  readonly functions: readonly string[];
  /** A loop's functions; undefined of any other call. */
  readonly loop: { readonly body: GraphFunction; readonly conditions: readonly GraphFunction[] } | undefined;
  /** Whether the outputs are results that can be told apart. */
  readonly hasParts: boolean;
  /** Outputs that were seen to be read. */
  readonly ports: Set<number>;
}

/** Each node, and each result, is looked at once: thousands of calls may be of one function. */
class Search {
  readonly read = new Map<string, Set<number>>();
  readonly #readWhole = new Set<string>();
  readonly #bodies = new Map<string, Place>();
  readonly #nodes: [place: Place, position: number][] = [];
  readonly #results: [called: GraphFunction, result: number][] = [];
  readonly #loops = new LoopVariables((body, result) => this.#mark(body.name, [result]));

  constructor(private readonly library: FunctionLibrary) {}

  /** @param name of an output of the graph. */
  needWhole(place: Place, name: string): void {
    const position = place.wiring.positionOf(name);
    this.#needNode(place, position);
    const call = position < 0 ? undefined : this.#callAt(place, position);
    for (const each of call?.functions ?? []) this.#mark(each, undefined);
  }

  run(): void {
    for (;;) {
      const node = this.#nodes.pop();
      if (node) {
        this.#visit(...node);
        continue;
      }
      const result = this.#results.pop();
      if (!result) return;
      const [called, number] = result;
      this.#needTensor(this.#bodyOf(called), bodyNotation.parse(tensorOf(called, number)));
    }
  }

  #visit(place: Place, position: number): void {
    const { wiring, notation } = place;
    const node = wiring.nodes[position] as GraphNode;
    const first = wiring.firstInputs[position] as number;
    const count = (wiring.firstInputs[position + 1] as number) - first;
    for (let input = 0; input < count; input++) {
      const source = wiring.sourceOf(first + input);
      if (source < 0) continue;
      this.#needNode(place, source);
      if (!this.#callAt(place, source)) continue;
      const text = node.inputs[input] as string;
      if (!isControlInput(text)) this.#needPort(place, source, notation.parse(text).port);
    }
    const call = this.#callAt(place, position);
    if (!call) return;
    for (const name of call.functions) this.#mark(name, call.hasParts ? [] : undefined);
    if (!call.loop) return;
    this.#loops.enter(call.loop.body, call.loop.conditions);
    for (const { name } of call.loop.conditions) this.#mark(name, undefined);
  }

  #needTensor(place: Place, { node, port }: InputEdge): void {
    const position = place.wiring.positionOf(node);
    this.#needNode(place, position);
    if (position >= 0) this.#needPort(place, position, port);
  }

  #needNode(place: Place, position: number): void {
    if (position < 0 || place.needed.hasAt(position)) return;
    place.needed.addAt(position);
    this.#nodes.push([place, position]);
  }

  #needPort(place: Place, position: number, port: number): void {
    const call = this.#callAt(place, position);
    if (!call?.hasParts || call.ports.has(port)) return;
    call.ports.add(port);
    if (call.loop) this.#loops.read(call.loop.body, port);
    else for (const name of call.functions) this.#mark(name, [port]);
  }

  /** @param results undefined: all of them. */
  #mark(name: string, results: readonly number[] | undefined): void {
    const called = this.library.byName.get(name);
    if (!called || this.#readWhole.has(name)) return;
    if (!results) this.#readWhole.add(name);
    const known = this.read.get(name);
    const all = known ?? new Set<number>();
    if (!known) {
      this.read.set(name, all);
      const body = this.#bodyOf(called);
      for (const control of called.controlReturns.values()) this.#needNode(body, body.wiring.positionOf(control));
    }
    for (const result of results ?? called.outputs.keys()) {
      if (all.has(result)) continue;
      all.add(result);
      this.#results.push([called, result]);
    }
  }

  #bodyOf(called: GraphFunction): Place {
    const known = this.#bodies.get(called.name) ?? new Place(called.wiring, bodyNotation);
    this.#bodies.set(called.name, known);
    return known;
  }

  #callAt(place: Place, position: number): Call | undefined {
    if (place.plain.hasAt(position)) return undefined;
    const call = place.calls.get(position) ?? this.#callOf(place.wiring.nodes[position] as GraphNode);
    if (call) place.calls.set(position, call);
    else place.plain.addAt(position);
    return call;
  }

  #callOf(node: GraphNode): Call | undefined {
    const { byName } = this.library;
    // A Case may have one for very many branches.
    const functions = [...new Set([node.op, ...referencedFunctions(node)])].filter((name) => byName.has(name));
    if (functions.length === 0) return undefined;
    const loop = loopOps.has(node.op) ? this.#loopOf(node) : undefined;
    return { functions, loop, hasParts: loop !== undefined || callOps.has(node.op), ports: new Set() };
  }

  /** Undefined where a function is missing. */
  #loopOf(node: GraphNode): Call['loop'] {
    const { byName } = this.library;
    const body = byName.get(functionsOfAttribute(node, 'body')[0] ?? '');
    const conditions = functionsOfAttribute(node, 'cond').map((name) => byName.get(name));
    if (!body || conditions.includes(undefined)) return undefined;
    return { body, conditions: conditions.filter((each) => each !== undefined) };
  }
}
