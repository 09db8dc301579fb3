/**
 * A function's body as a graph and back: arguments and results are nodes (`_Arg`, `_Retval`), and inputs are written as in
 * graphs. Bodies name outputs; those of ops that TensorFlow does not know are numbered as they come up.
 */
import { PermafrostError } from '../errors.js';
import { typeAttribute } from '../graph/attributes.js';
import { inputNode, isControlInput, parseInput, tensorName } from '../graph/edges.js';
import { freeName } from '../graph/free-name.js';
import type { GraphFunction } from '../graph/function.js';
import { Graph } from '../graph/graph.js';
import type { FunctionLibrary } from '../graph/library.js';
import { GraphNode } from '../graph/node.js';
import { opSignature } from '../graph/op-signature.js';
import { outputNumber, outputText } from '../inline/output-number.js';

export class BodyGraph {
  readonly graph: Graph;
  /** Names of the `_Retval` nodes, by the names of the results. */
  readonly results: ReadonlyMap<string, string>;

  readonly #body: ReadonlyMap<string, GraphNode>;
  readonly #arguments: ReadonlySet<string>;
  /** The nodes of the body by those that stand for them in the graph. */
  readonly #read = new Map<GraphNode, GraphNode>();
  /** Of nodes with unknown ops: how their outputs are written, as far as they are read. */
  readonly #unknown = new Map<string, string[]>();

  /** @throws PermafrostError GRAPH_INVALID where the body names what is not there. */
  constructor(
    readonly source: GraphFunction,
    private readonly library: FunctionLibrary,
  ) {
    this.#body = new Map(source.nodes.map((node) => [node.name, node]));
    this.#arguments = new Set(source.inputs.map(({ name }) => name));
    const nodes = source.inputs.map(({ name, type }) => bound(name, '_Arg', [], type));
    const taken = new Set([...this.#body.keys(), ...nodes.map(({ name }) => name)]);
    for (const node of source.nodes) {
      const inGraph = node.edit({ inputs: node.inputs.map((input) => this.#toGraph(input)) });
      this.#read.set(inGraph, node);
      nodes.push(inGraph);
    }
    const results = new Map<string, string>();
    for (const { name, type } of source.outputs) {
      const retval = freeName(`${name}_Retval`, (wanted) => taken.has(wanted));
      taken.add(retval);
      results.set(name, retval);
      nodes.push(bound(retval, '_Retval', [this.#toGraph(source.returns.get(name) ?? name)], type));
    }
    this.results = results;
    this.graph = Graph.of(nodes, library);
  }

  /**
   * @param graph this one, with edits, and with all arguments and results.
   * @param controls names of the nodes that the function runs whatever its results need.
   */
  toFunction(graph: Graph, controls: ReadonlySet<string>): GraphFunction {
    const nodes = graph.nodes.flatMap((node) => {
      if (node.op === '_Arg' || node.op === '_Retval') return [];
      const inputs = node.inputs.map((input) => this.#toBody(graph, input));
      const read = this.#read.get(node);
      return read && inputs.every((input, index) => input === read.inputs[index]) ? read : node.edit({ inputs });
    });
    const returns = Array.from(this.results, ([result, retval]) => {
      return [result, this.#toBody(graph, graph.byName.get(retval)?.inputs[0] as string)] as const;
    });
    const controlReturns = [...this.source.controlReturns].filter(([, node]) => controls.has(node));
    return this.source.edit({ nodes, returns: new Map(returns), controlReturns: new Map(controlReturns) });
  }

  #toGraph(input: string): string {
    const name = inputNode(input);
    const node = this.#body.get(name);
    if (node && isControlInput(input)) return input;
    if (node) {
      const port = this.#isKnown(node) ? outputNumber(this.library, node, input) : this.#unknownPort(name, input);
      return tensorName(name, port);
    }
    if (this.#arguments.has(name)) return input;
    throw new PermafrostError(
      'GRAPH_INVALID',
      `The function '${this.source.name}' uses '${input}', and has no such node or argument. The file may be damaged.`,
    );
  }

  #toBody(graph: Graph, input: string): string {
    const { node: name, port } = parseInput(input);
    const node = graph.byName.get(name);
    if (isControlInput(input) || !node || node.op === '_Arg') return input;
    const known = this.#unknown.get(name)?.[port];
    return known !== undefined && !this.#isKnown(node) ? known : outputText(this.library, node, port);
  }

  #isKnown({ op }: GraphNode): boolean {
    return this.library.byName.has(op) || opSignature(op) !== undefined;
  }

  #unknownPort(name: string, input: string): number {
    const texts = this.#unknown.get(name) ?? [];
    this.#unknown.set(name, texts);
    const port = texts.indexOf(input);
    return port < 0 ? texts.push(input) - 1 : port;
  }
}

/** Where tensors come into a body, or leave it. */
function bound(name: string, op: '_Arg' | '_Retval', inputs: readonly string[], type: number): GraphNode {
  return GraphNode.create(name, op, inputs, new Map([['T', typeAttribute(type)]]));
}
