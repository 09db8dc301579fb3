/**
 * Freezing is retyping: a variable becomes a constant, and from there every edge that carried its handle or reference
 * carries the value. This follows those edges; `value-rules.ts` says what each op becomes.
 */

import { PermafrostError } from '../errors.js';
import { typeAttribute } from '../graph/attributes.js';
import { type Consumer, dataConsumers } from '../graph/consumers.js';
import { inputNode, isControlInput } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import { GraphNode } from '../graph/node.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { handleOp, variableType } from '../graph/variables.js';
import { referenceInputs } from './reference-inputs.js';
import { type Arriving, mergeOps, type Rewrite, valueRules } from './value-rules.js';

/** An edge that has come to carry a value. */
interface Arrival extends Arriving {
  readonly consumer: Consumer;
  /** The variable whose value it is. */
  readonly variable: string;
}

/**
 * @param values the tensor of each variable that becomes a constant, by the variable's name.
 * @throws PermafrostError VARIABLE_NOT_FREEZABLE where a kept op writes to such a variable, or needs its handle.
 */
export function freezeVariables(graph: Graph, values: ReadonlyMap<string, StoredTensor>): Graph {
  const flow = new ValueFlow(graph);
  for (const node of graph.nodes) {
    const tensor = values.get(node.name);
    if (tensor) flow.freeze(node, tensor);
  }
  checkMerges(graph, flow.rewritten);
  const nodes = graph.nodes.map((node) => flow.rewritten.get(node.name) ?? node);
  return graph.withNodes([...nodes, ...flow.added.values()]);
}

/** The values as they flow from the constants to all that they change. */
class ValueFlow {
  /** What the nodes have become, by name. */
  readonly rewritten = new Map<string, GraphNode>();
  /** Nodes that the rewritten ones need, in the order in which they were needed. */
  readonly added = new Map<string, GraphNode>();

  readonly #graph: Graph;
  readonly #consumers: ReadonlyMap<string, readonly Consumer[]>;
  readonly #arrivals: Arrival[] = [];

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#consumers = dataConsumers(graph);
  }

  freeze(variable: GraphNode, tensor: StoredTensor): void {
    this.rewritten.set(variable.name, constant(variable.name, tensor));
    this.#follow(variable.name, [0], {
      kind: variable.op === handleOp ? 'handle' : 'reference',
      dtype: variableType(variable),
      loopDepth: 0,
      taken: (name) => this.#graph.byName.has(name) || this.added.has(name),
      variable: variable.name,
    });
    for (let arrival = this.#arrivals.pop(); arrival; arrival = this.#arrivals.pop()) this.#arrive(arrival);
  }

  #arrive(arrival: Arrival): void {
    const { node } = arrival.consumer;
    if (this.rewritten.has(node.name)) return;
    const rewrite = rewriteConsumer(arrival);
    if (!rewrite) return;
    this.rewritten.set(node.name, rewrite.node);
    for (const extra of rewrite.added ?? []) this.added.set(extra.name, extra);
    if (!rewrite.passesOn) return;
    const { kind, ports } = rewrite.passesOn;
    this.#follow(node.name, ports, { ...arrival, kind, loopDepth: arrival.loopDepth + loopStep(node.op) });
  }

  /** Consumers are visited in the graph's order, each with all that follows from it before the next. */
  #follow(producer: string, ports: readonly number[], value: Omit<Arrival, 'consumer'>): void {
    const reached = (this.#consumers.get(producer) ?? []).filter(({ port }) => ports.includes(port));
    for (const consumer of reached.reverse()) this.#arrivals.push({ ...value, consumer });
  }
}

/** By how much an op changes the number of loops that its output is in. */
function loopStep(op: string): number {
  if (op === 'Enter' || op === 'RefEnter') return 1;
  return op === 'Exit' || op === 'RefExit' ? -1 : 0;
}

/** Everything but dtype and value is gone from a constant: shape, container, sharing, device, colocation. */
function constant(name: string, tensor: StoredTensor): GraphNode {
  return GraphNode.create(
    name,
    'Const',
    [],
    new Map<string, Uint8Array | StoredTensor>([
      ['dtype', typeAttribute(tensor.dtype)],
      ['value', tensor],
    ]),
  );
}

function rewriteConsumer(arrival: Arrival): Rewrite | undefined {
  const { node, input } = arrival.consumer;
  const rule = input === 0 || mergeOps.has(node.op) ? valueRules.get(node.op) : undefined;
  if (rule) return rule(node, arrival);
  const takesReference = arrival.kind === 'reference' && input < (referenceInputs.get(node.op) ?? 0);
  if (arrival.kind !== 'handle' && !takesReference) return undefined;
  throw new PermafrostError(
    'VARIABLE_NOT_FREEZABLE',
    `Variable '${arrival.variable}' cannot become a constant: node '${node.name}' (${node.op}) ` +
      `${takesReference ? 'writes to it or asks about its state' : 'needs its handle, not its value'}, and the outputs ` +
      `need that node. Choose outputs that do without '${node.name}', or put '${arrival.variable}' on the deny list.`,
  );
}

/** A Merge of variables has one type for all its inputs: either all of them became values or none. */
function checkMerges(graph: Graph, rewritten: ReadonlyMap<string, GraphNode>): void {
  for (const node of graph.nodes) {
    if (!mergeOps.has(node.op) || !rewritten.has(node.name)) continue;
    const left = node.inputs.find((input) => !isControlInput(input) && !rewritten.has(inputNode(input)));
    if (left === undefined) continue;
    throw new PermafrostError(
      'VARIABLE_NOT_FREEZABLE',
      `Node '${node.name}' (${node.op}) merges a variable that becomes a constant with '${left}', which stays a variable. ` +
        'Freeze both or neither: mend the allow and deny lists.',
    );
  }
}
