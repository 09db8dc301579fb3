/**
 * A function's body as a graph and back: arguments and results are nodes (`_Arg`, `_Retval`), and inputs are written as in
 * graphs. Bodies name outputs; those of ops that TensorFlow does not know are numbered as they come up.
 */
import { PermafrostError } from '../errors.js';
import { typeAttribute } from '../graph/attributes.js';
import { inputNode, isControlInput, parseInput, tensorName } from '../graph/edges.js';
import { FreeNames } from '../graph/free-name.js';
import type { GraphFunction } from '../graph/function.js';
import { Graph } from '../graph/graph.js';
import type { FunctionLibrary } from '../graph/library.js';
import { type Attributes, GraphNode } from '../graph/node.js';
import { opSignature } from '../graph/op-signature.js';
import { outputNumber, outputText } from '../inline/output-number.js';

export class BodyGraph {
  readonly graph: Graph;
  /** Names of the `_Retval` nodes, by the names of the results. */
  readonly results: ReadonlyMap<string, string>;

  readonly #arguments: ReadonlySet<string>;
  /** Of nodes with unknown ops: how their outputs are written, as far as they are read. */
  #unknown: Map<string, string[]> | undefined;
  /** The places of these, by how they are written: there may be very many. */
  #unknownPorts: Map<string, number> | undefined;

  /** @throws PermafrostError GRAPH_INVALID where the body names what is not there. */
  constructor(
    readonly source: GraphFunction,
    private readonly library: FunctionLibrary,
  ) {
    const body = source.wiring;
    this.#arguments = new Set(source.inputs.map(({ name }) => name));
    const nodes = source.inputs.map(({ name, type }) => bound(name, '_Arg', noInputs, type));
    for (const node of source.nodes)
      nodes.push(node.edit({ inputs: node.inputs.map((input) => this.#toGraph(input)) }));
    const results = new Map<string, string>();
    const names = new FreeNames((name) => body.has(name) || this.#arguments.has(name));
    for (const { name, type } of source.outputs) {
      const retval = names.take(`${name}_Retval`);
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
      const read = node === this.graph.byName.get(node.name) ? this.source.wiring.get(node.name) : undefined;
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
    const node = this.source.wiring.get(name);
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
    const known = this.#unknown?.get(name)?.[port];
    return known !== undefined && !this.#isKnown(node) ? known : outputText(this.library, node, port);
  }

  #isKnown({ op }: GraphNode): boolean {
    return this.library.byName.has(op) || opSignature(op) !== undefined;
  }

  #unknownPort(name: string, input: string): number {
    this.#unknown ??= new Map();
    this.#unknownPorts ??= new Map();
    const known = this.#unknownPorts.get(input);
    if (known !== undefined) return known;
    const texts = this.#unknown.get(name) ?? [];
    this.#unknown.set(name, texts);
    const port = texts.push(input) - 1;
    this.#unknownPorts.set(input, port);
    return port;
  }
}

const noInputs: readonly string[] = [];

/** Where tensors come into a body, or leave it. */
function bound(name: string, op: '_Arg' | '_Retval', inputs: readonly string[], type: number): GraphNode {
  return GraphNode.create(name, op, inputs, typed(type));
}

/** By type: one for all arguments and results, of which a function may have very many. */
const typedAttributes: Attributes[] = [];

function typed(type: number): Attributes {
  // A damaged graph may have any number here.
  if (type < 0 || type >= 0x80) return new Map([['T', typeAttribute(type)]]);
  typedAttributes[type] ??= new Map([['T', typeAttribute(type)]]);
  return typedAttributes[type];
}
