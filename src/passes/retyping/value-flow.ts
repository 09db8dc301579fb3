/** The values as they flow, within a graph or a function's body, from where variables were to all that they change. */

import { PermafrostError } from '../../errors.js';
import { type Consumer, dataConsumers } from '../../graph/consumers.js';
import { type InputEdge, isControlInput, type Notation } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { mergeOps } from '../../graph/op-kinds/control-flow.js';
import { referenceInputs } from '../../graph/reference-inputs.js';
import type { Wiring } from '../../graph/wiring.js';
import { takesNoValue } from './refusals.js';
import { type EdgeKind, type Rewrite, type Value, valueRules } from './value-rules.js';

/** Nodes that see each other. */
export interface Scope {
  readonly wiring: Wiring;
  readonly notation: Notation;
  /** Undefined: the graph itself. */
  readonly functionName: string | undefined;
}

export interface FlowSettings {
  /** Leave out what TensorFlow's tool leaves out, and write what it writes, where that does no harm. */
  readonly tfParity: boolean;
}

/** Turns the functions that a node calls into ones that take values. */
export interface CallRewriter {
  /** Whether functions must be followed for a value of this kind that comes to a node. */
  follows(node: GraphNode, kind: EdgeKind): boolean;
  /**
   * @param arrived the values by the number of the input.
   * @returns the node, and the values that it now gives where it gave handles, by the number of the output.
   */
  rewriteCall(
    node: GraphNode,
    arrived: ReadonlyMap<number, Value>,
  ): { node: GraphNode; returns: ReadonlyMap<number, Value> };
}

/** An edge that has come to carry a value. */
interface Arrival {
  readonly value: Value;
  readonly loopDepth: number;
  readonly consumer: Consumer;
}

/** A call whose functions take values. */
interface Call {
  readonly node: GraphNode;
  /** What has reached it, by input. */
  readonly arrived: Map<number, Value>;
  /** How many loops it is in. */
  loopDepth: number;
}

/** Values by port. */
type Ports = readonly (Value | undefined)[];

export class ValueFlow {
  /** The nodes as they are now, by position. */
  readonly #nodes: GraphNode[];
  /** By position: 1 for those that have become something else. */
  readonly #isRewritten: Uint8Array;
  /** Nodes that the rewritten ones need, in the order in which they were needed. */
  readonly #added = new Map<string, GraphNode>();
  /** The values that left each node or argument, by the number of its name. */
  readonly #carried = new Map<number, Ports>();
  /** Outputs of functions' nodes that have another name now: `node:old` by `node:new`. */
  readonly #renamed = new Map<string, string>();
  /** By position. */
  readonly #calls = new Map<number, Call>();
  /** Positions of the calls whose functions are not rewritten yet, or no more as they should be. */
  readonly #waiting = new Set<number>();

  readonly #arrivals: Arrival[] = [];

  constructor(
    private readonly scope: Scope,
    private readonly calls: CallRewriter,
    private readonly settings: FlowSettings,
  ) {
    this.#nodes = [...scope.wiring.nodes];
    this.#isRewritten = new Uint8Array(this.#nodes.length);
  }

  /** Puts another node of the same name in the place of one. */
  replace(position: number, node: GraphNode): void {
    this.#nodes[position] = node;
    this.#isRewritten[position] = 1;
  }

  /**
   * Follows a value from the first output of a node, or from an argument.
   * @param producer the number of its name.
   */
  follow(producer: number, value: Value): void {
    this.#leave(producer, [value], 0);
    this.#settle();
  }

  /** @returns the nodes as they are now, and what became of any other input that they or the function's results name. */
  finish(): { nodes: GraphNode[]; renamed: (input: string) => string; carried: (input: string) => Value | undefined } {
    for (let [position] = this.#waiting; position !== undefined; [position] = this.#waiting) {
      this.#waiting.delete(position);
      this.#rewriteCall(position, this.#calls.get(position) as Call);
    }
    this.#checkMerges();
    const renamed = (input: string): string => this.#rename(input);
    const carried = (input: string): Value | undefined => this.#valueOf(this.scope.notation.parse(input));
    const nodes = [...this.#nodes, ...this.#added.values()].map((node) => this.#renameInputs(node));
    return { nodes, renamed, carried };
  }

  #settle(): void {
    for (let arrival = this.#arrivals.pop(); arrival; arrival = this.#arrivals.pop()) this.#arrive(arrival);
  }

  #arrive(arrival: Arrival): void {
    const { consumer, value, loopDepth } = arrival;
    const { node, position } = consumer;
    if (this.calls.follows(node, value.kind)) {
      const call = this.#calls.get(position) ?? { node, arrived: new Map<number, Value>(), loopDepth };
      call.arrived.set(consumer.input, value);
      call.loopDepth = loopDepth;
      this.#calls.set(position, call);
      this.#waiting.add(position);
      return;
    }
    if (this.#isRewritten[position] === 1) return;
    const rewrite = this.#rewrite(arrival);
    if (!rewrite) return;
    this.replace(position, rewrite.node);
    for (const extra of rewrite.added ?? []) this.#added.set(extra.name, extra);
    if (rewrite.renamedOutput) this.#renamed.set(`${node.name}:${rewrite.renamedOutput}`, `${node.name}:output`);
    if (!rewrite.passesOn) return;
    const { kind, outputs } = rewrite.passesOn;
    const passed = { ...value, kind };
    const leaving = new Array<Value>(outputs).fill(passed);
    this.#leave(this.#numberAt(position), leaving, loopDepth + loopStep(node.op));
  }

  #rewriteCall(position: number, { node: call, arrived, loopDepth }: Call): void {
    const { node, returns } = this.calls.rewriteCall(call, arrived);
    const number = this.#numberAt(position);
    this.replace(position, node);
    const carried = this.#carried.get(number);
    const leaving: (Value | undefined)[] = [];
    for (const [port, value] of returns) if (!carried?.[port]) leaving[port] = value;
    this.#leave(number, leaving, loopDepth);
    this.#settle();
  }

  #numberAt(position: number): number {
    return this.scope.wiring.numbers[position] as number;
  }

  /** Consumers are visited in the graph's order, each with all that follows from it before the next. */
  #leave(producer: number, leaving: Ports, loopDepth: number): void {
    const carried = this.#carried.get(producer);
    this.#carried.set(producer, carried ? merged(carried, leaving) : leaving);
    const { wiring, notation } = this.scope;
    const areValues = leaving.every((value) => value === undefined || value.kind === 'value');
    // Nothing becomes of an op that took values before, unless it has a row.
    const matters = (node: GraphNode): boolean =>
      !areValues || valueRules.has(node.op) || this.calls.follows(node, 'value');
    for (const consumer of dataConsumers(wiring, notation, producer, matters).reverse()) {
      const value = leaving[consumer.port];
      if (value) this.#arrivals.push({ value, loopDepth, consumer });
    }
  }

  #valueOf({ node, port }: InputEdge): Value | undefined {
    return this.#carried.get(this.scope.wiring.numberOf(node))?.[port];
  }

  #rewrite(arrival: Arrival): Rewrite | undefined {
    const { value, loopDepth } = arrival;
    const { kind } = value;
    const { node, input } = arrival.consumer;
    const rule = input === 0 || mergeOps.has(node.op) ? valueRules.get(node.op) : undefined;
    if (rule) {
      const taken = (name: string): boolean => this.scope.wiring.has(name) || this.#added.has(name);
      const { notation } = this.scope;
      const { tfParity } = this.settings;
      const rewrite = rule(node, { kind, dtype: value.dtype, loopDepth, taken, notation, tfParity });
      // TensorFlow's tool takes the devices off what it makes of variables and their reads, also where it keeps others.
      return tfParity || node.device === '' || !rewrite ? rewrite : onDevice(rewrite, node.device);
    }
    const takesReference = kind === 'reference' && input < (referenceInputs.get(node.op) ?? 0);
    if (kind !== 'handle' && !takesReference) return undefined;
    throw takesNoValue(value.variable, node, this.#nameOf(node), takesReference);
  }

  /** A Merge of variables has one type for all its inputs: either all of them became values or none. */
  #checkMerges(): void {
    for (const [position, node] of this.scope.wiring.nodes.entries()) {
      if (!mergeOps.has(node.op) || this.#isRewritten[position] === 0) continue;
      const isLeft = (input: string): boolean =>
        !isControlInput(input) && !this.#valueOf(this.scope.notation.parse(input));
      const left = node.inputs.find(isLeft);
      if (left === undefined) continue;
      throw new PermafrostError(
        'VARIABLE_NOT_FREEZABLE',
        `${this.#nameOf(node, 'N')} merges a variable that becomes a constant with '${left}', which stays a variable. ` +
          'Freeze both or neither: mend the allow and deny lists.',
      );
    }
  }

  #nameOf(node: GraphNode, initial = 'n'): string {
    const { functionName } = this.scope;
    return `${initial}ode '${node.name}' (${node.op})${functionName === undefined ? '' : ` of the function '${functionName}'`}`;
  }

  #renameInputs(node: GraphNode): GraphNode {
    if (this.#renamed.size === 0) return node;
    const inputs = node.inputs.map((input) => this.#rename(input));
    return inputs.every((input, index) => input === node.inputs[index]) ? node : node.edit({ inputs });
  }

  /** `node:value:0` is `node:output:0` where the node has become one whose output is called so. */
  #rename(input: string): string {
    const end = input.lastIndexOf(':');
    const renamed = end < 0 ? undefined : this.#renamed.get(input.slice(0, end));
    return renamed === undefined || this.scope.functionName === undefined ? input : renamed + input.slice(end);
  }
}

/** The second goes before the first. */
function merged(carried: Ports, leaving: Ports): Ports {
  const all = [...carried];
  leaving.forEach((value, port) => {
    if (value) all[port] = value;
  });
  return all;
}

/** By how much an op changes the number of loops that its output is in. */
function loopStep(op: string): number {
  if (op === 'Enter' || op === 'RefEnter') return 1;
  return op === 'Exit' || op === 'RefExit' ? -1 : 0;
}

function onDevice({ node, added, ...rest }: Rewrite, device: string): Rewrite {
  const placed = added?.map((each) => each.edit({ device }));
  return { ...rest, node: node.edit({ device }), ...(placed && { added: placed }) };
}
