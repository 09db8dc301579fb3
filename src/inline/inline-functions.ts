/**
 * Makes one flat graph of a graph with functions: calls become the nodes of the functions that they call, and the control
 * flow of TensorFlow 2 that of TensorFlow 1. The node that called keeps its name and hands on the results, so that
 * nothing that reads it changes. What gives functions to the runtime (datasets, batching, gradients) keeps them.
 */
import { isUint8Array } from 'node:util/types';
import { PermafrostError } from '../errors.js';
import { readAttribute, readTypes } from '../graph/attributes.js';
import { dataInputs, isControlInput } from '../graph/edges.js';
import type { GraphFunction } from '../graph/function.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { choiceOps, loopOps, plainCallOps } from '../graph/op-kinds/calls.js';
import { listNames, nearest } from '../nearest.js';
import { type AttrValue, messageType, type NameAttrList } from '../proto/types.js';
import { checkExpansion } from './check-expansion.js';
import type { Expansion, FlatGraph, Results } from './flat-graph.js';
import { instantiate } from './instantiate.js';
import { lowerChoice, selectorType } from './lower-choice.js';
import { lowerLoop } from './lower-loop.js';
import { handOn, noOp, typed } from './plain-nodes.js';

/**
 * @param mayGoOn is called for every node; what it throws ends the work, which may take any time.
 * @throws PermafrostError GRAPH_INVALID where functions are missing, call themselves, or come to too many nodes.
 */
export function inlineFunctions(graph: Graph, mayGoOn?: () => void): Graph {
  if (graph.library.functions.length === 0) return graph;
  checkExpansion(graph);
  const flat = new Inliner(graph, mayGoOn);
  const hasFrames = graph.nodes.some(({ op }) => op === 'Switch' || op === 'Enter');
  for (const node of graph.nodes) flat.add(node, hasFrames ? anchorsOf(node, flat) : []);
  return graph.withNodes(flat.nodes);
}

/** In a loop or a branch of the graph itself, what a call expands to must be in it too: alive when the call's input is. */
function anchorsOf(node: GraphNode, flat: Inliner): string[] {
  const [input] = node.inputs;
  const type = flat.firstType(node);
  if (type === undefined || input === undefined || isControlInput(input)) return [];
  flat.push(typed(`${node.name}/pivot.0`, 'Identity', [input], type));
  return [`^${node.name}/pivot.0`];
}

class Inliner implements FlatGraph {
  readonly nodes: GraphNode[] = [];

  constructor(
    private readonly graph: Graph,
    private readonly mayGoOn: (() => void) | undefined,
  ) {}

  add(node: GraphNode, anchors: readonly string[]): void {
    this.mayGoOn?.();
    const named = this.graph.library.byName.get(node.op);
    if (plainCallOps.has(node.op)) this.#callAttribute(node, anchors);
    else if (choiceOps.has(node.op)) lowerChoice(node, anchors, this);
    else if (loopOps.has(node.op)) lowerLoop(node, this);
    else if (named) this.#callByName(node, named, anchors);
    else this.push(node);
  }

  /** The DataType number of the first input of a node that calls; undefined for any other node. */
  firstType(node: GraphNode): number | undefined {
    if (plainCallOps.has(node.op)) return readTypes(node, 'Tin')[0];
    if (loopOps.has(node.op)) return readTypes(node, 'T')[0];
    if (choiceOps.has(node.op)) return selectorType(node);
    return this.graph.library.byName.get(node.op)?.inputs[0]?.type;
  }

  push(node: GraphNode): void {
    this.nodes.push(node);
  }

  expand(called: NameAttrList, expansion: Expansion): Results {
    const found = this.#find(called.name ?? '', expansion.prefix);
    const body = instantiate(found, expansion, called.attr ?? {}, this.graph.library);
    for (const node of body.nodes) this.add(node, expansion.anchors);
    return body;
  }

  #find(name: string, caller: string): GraphFunction {
    const { byName } = this.graph.library;
    const found = byName.get(name);
    if (found) return found;
    const near = nearest(name, byName.keys());
    const hint = near.length > 0 ? ` The nearest are ${listNames(near)}.` : '';
    throw new PermafrostError(
      'GRAPH_INVALID',
      `Node '${caller}' calls the function '${name}', and the graph has none of that name.${hint}`,
    );
  }

  #callAttribute(node: GraphNode, anchors: readonly string[]): void {
    const called = readAttribute(node, 'f')?.func ?? {};
    this.#call(node, called, readTypes(node, 'Tin'), readTypes(node, 'Tout'), anchors);
  }

  /** The calls of the first versions: the op is the function. */
  #callByName(node: GraphNode, { name, inputs, outputs }: GraphFunction, anchors: readonly string[]): void {
    const attr: Record<string, AttrValue> = Object.create(null);
    for (const [key, value] of node.attributes) {
      if (isUint8Array(value)) attr[key] = messageType('AttrValue').decode(value) as AttrValue;
    }
    const types = (args: GraphFunction['inputs']): number[] => args.map(({ type }) => type);
    this.#call(node, { name, attr }, types(inputs), types(outputs), anchors);
  }

  /** The control inputs of a call hold back its arguments, and what in it has no inputs. */
  #call(
    node: GraphNode,
    called: NameAttrList,
    inTypes: readonly number[],
    outTypes: readonly number[],
    anchors: readonly string[],
  ): void {
    const controls = this.#asOne(node, node.inputs.filter(isControlInput));
    const data = dataInputs(node);
    const wait = (input: string, index: number): string => {
      const name = `${node.name}/argument.${index}`;
      this.push(typed(name, 'Identity', [input, ...controls], inTypes[index] ?? 0));
      return name;
    };
    const inputs = controls.length === 0 ? data : data.map(wait);
    const all = [...new Set([...anchors, ...controls])];
    const results = this.expand(called, { prefix: node.name, inputs, anchors: all });
    this.push(handOn(node.name, results.outputs, outTypes, [...results.controls, ...all]));
  }

  /** All arguments and all of the body wait for them: one node that does keeps the edges from being their product. */
  #asOne({ name }: GraphNode, controls: readonly string[]): readonly string[] {
    if (controls.length < 2) return controls;
    this.push(noOp(`${name}/controls.0`, controls));
    return [`^${name}/controls.0`];
  }
}
