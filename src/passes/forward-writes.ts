/**
 * A frozen graph has no variables to write to. What an output needs of a write is the value that it leaves, in the reads
 * that run after it: this pass wires that value to them, as the model's first run computes it, and makes the write a
 * NoOp that its neighbours can still wait for.
 *
 * A resource is read when its read op runs. A reference is read when the op runs that uses the value, as TensorFlow does:
 * Identity and the ops of control flow hand the variable's own buffer on.
 */

import { PermafrostError } from '../errors.js';
import { graphNotation, inputNode, isControlInput } from '../graph/edges.js';
import { executionOrder, placesIn } from '../graph/execution-order.js';
import type { Graph } from '../graph/graph.js';
import { throughIdentities } from '../graph/identities.js';
import { loopDepths } from '../graph/loop-depths.js';
import type { GraphNode } from '../graph/node.js';
import { backOps, mergeOps } from '../graph/op-kinds/control-flow.js';
import { handleOp, isVariable, variableIdentity, variableType } from '../graph/variables.js';
import { type Arriving, valueRules } from './retyping/value-rules.js';
import { AddedNodes } from './writes/added-nodes.js';
import { Lanes, laneCount } from './writes/lanes.js';
import { Patience } from './writes/patience.js';
import { checkMixed, takesHandle } from './writes/refusals.js';
import { SingleWrite } from './writes/single-write.js';
import { Sources } from './writes/sources.js';
import { passesOn, type Use, variableEdges } from './writes/variable-edges.js';
import { VersionsOfVariable } from './writes/variable-versions.js';
import { isWriter, updateOf, writesThrough } from './writes/variable-writes.js';
import { stored, type Versions } from './writes/version.js';
import { type Rewriting, WrittenValues } from './writes/written-values.js';

export interface Forwarded {
  readonly graph: Graph;
  /** Names of the writes, in the graph's order. */
  readonly dropped: readonly string[];
}

/**
 * @param variables those that will become constants.
 * @param outputs node names.
 * @throws PermafrostError VARIABLE_NOT_FREEZABLE where a read comes after a write whose result no simple op gives, or
 * after several in no order.
 */
export function forwardWrites(graph: Graph, variables: readonly GraphNode[], outputs: readonly string[]): Forwarded {
  if (variables.length === 0 || !graph.nodes.some(isWriter)) return { graph, dropped: [] };
  const forwarding = new Forwarding(graph, new Set(outputs), new Set(variables));
  const groups = byIdentity(variables);
  for (let at = 0; at < groups.length; at += laneCount) forwarding.forward(groups.slice(at, at + laneCount));
  return forwarding.finish();
}

/** Several handles with one shared name are one variable. */
function byIdentity(variables: readonly GraphNode[]): GraphNode[][] {
  const groups = new Map<string, GraphNode[]>();
  for (const node of variables) {
    const key = `${node.op} ${variableIdentity(node)}`;
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return [...groups.values()];
}

/** A variable that is written to. */
interface Followed {
  readonly variable: GraphNode;
  readonly kind: 'handle' | 'reference';
  readonly uses: readonly Use[];
  /** The writes among them, by name. */
  readonly targets: ReadonlyMap<string, Use>;
  /** Their positions. */
  readonly writers: ReadonlySet<number>;
}

/** One variable after the other is looked at; what changes is put down, and done for all of them at the end. */
class Forwarding {
  readonly #rewriting: Rewriting;
  readonly #dropped = new Set<string>();
  /** Name and input of every write that was met. */
  readonly #targets = new Set<string>();
  readonly #sources: Sources;
  /** By position. */
  readonly #loopDepths: Int32Array;
  /** What the variable at hand holds after each node, by place; and one more. */
  readonly #held: Int32Array;
  /** Undefined for a graph with loops, where what comes before and after is not so simple. */
  readonly #lanes: Lanes | undefined;
  readonly #patience: Patience;

  constructor(
    private readonly graph: Graph,
    private readonly outputs: ReadonlySet<string>,
    private readonly chosen: ReadonlySet<GraphNode>,
  ) {
    this.#rewriting = {
      byName: graph.byName,
      inputs: new Map(),
      become: new Map(),
      added: new AddedNodes(graph),
      sums: new Map(),
    };
    const order = executionOrder(graph);
    this.#sources = new Sources(graph, order, placesIn(order));
    this.#held = new Int32Array(order.length + 1);
    this.#patience = new Patience(graph.nodes.length);
    this.#loopDepths = loopDepths(graph, order);
    const hasLoops = graph.nodes.some(({ op }) => backOps.has(op));
    this.#lanes = hasLoops ? undefined : new Lanes(this.#sources);
  }

  /** @param groups at most `laneCount` variables, each with all of its nodes. */
  forward(groups: readonly (readonly GraphNode[])[]): void {
    const written = groups.map((nodes) => this.#follow(nodes)).filter((each) => each !== undefined);
    this.#lanes?.follow(
      written.map(({ writers, uses }) => ({ writes: writers, uses: uses.map(({ position }) => position) })),
    );
    for (const [lane, each] of written.entries()) this.#forward(each, this.#versionsOf(each, lane));
  }

  /** Undefined for a variable that nothing writes to. */
  #follow(variables: readonly GraphNode[]): Followed | undefined {
    const [variable] = variables as [GraphNode];
    const kind = variable.op === handleOp ? 'handle' : 'reference';
    const { uses, mixed } = variableEdges(variables, kind, this.graph, this.#sources.places);
    const written = uses.filter(({ node, input }) => writesThrough(node, input, kind));
    const targets = new Map(written.map((use) => [use.node.name, use]));
    if (targets.size === 0) return undefined;
    for (const { node, input } of written) this.#targets.add(`${node.name} ${input}`);
    checkMixed(variable, mixed, targets);
    const writers = new Set(Array.from(targets.values(), ({ position }) => position));
    return { variable, kind, uses, targets, writers };
  }

  #versionsOf({ writers, uses }: Followed, lane: number): Versions {
    const { wiring, nodes } = this.graph;
    const [write] = writers;
    const lanes = this.#lanes;
    if (lanes && write !== undefined && writers.size === 1 && !lanes.isMerged(lane)) {
      return new SingleWrite(write, nodes[write] as GraphNode, (position) => lanes.isAfter(lane, position));
    }
    const inLoop = (position: number): boolean => (this.#loopDepths[position] as number) > 0;
    // A loop's end is looked at too, and stands after all that it leads back to.
    const places = this.#sources.places;
    const end = lanes
      ? uses.reduce((max, { position }) => Math.max(max, places[position] as number), 0) + 1
      : nodes.length;
    return new VersionsOfVariable(wiring, this.#sources, this.#held, writers, end, inLoop, this.#patience);
  }

  #forward({ variable, kind, uses, targets }: Followed, versions: Versions): void {
    const values = new WrittenValues(variable, kind, targets, this.#rewriting);
    for (const use of uses) {
      if (targets.get(use.node.name) === use) continue;
      if (kind === 'handle') this.#readHandle(use, versions, values, variable);
      else this.#readReference(use, versions, values, variable, targets);
    }
    for (const write of targets.values()) this.#drop(write, kind, versions, values);
  }

  finish(): Forwarded {
    this.#checkKept();
    const { become, added, sums } = this.#rewriting;
    const nodes = this.graph.nodes.map((node) => {
      const rewired = this.#rewired(node);
      return become.get(node.name)?.(rewired) ?? rewired;
    });
    const sumsAdded = added.nodes.map((node) => {
      const value = this.#rewriting.inputs.get(sums.get(node.name) ?? '')?.[1];
      return value === undefined ? node : node.edit({ inputs: [node.inputs[0] as string, value] });
    });
    const dropped = nodes.filter(({ name }) => this.#dropped.has(name)).map(({ name }) => name);
    return { graph: this.graph.withNodes([...nodes, ...sumsAdded]), dropped };
  }

  /** A write to several variables can only be left out for all of them. */
  #checkKept(): void {
    for (const name of this.#dropped) {
      const node = this.graph.byName.get(name) as GraphNode;
      // The simple ones write to one variable alone.
      if (updateOf(node)) continue;
      const kept = node.inputs.find((input, index) => {
        const source = throughIdentities(this.graph, input)?.node;
        const isHandle = source?.op === handleOp && !this.chosen.has(source);
        const kind = isHandle ? 'handle' : 'reference';
        return !isControlInput(input) && writesThrough(node, index, kind) && !this.#targets.has(`${name} ${index}`);
      });
      if (kept === undefined) continue;
      throw new PermafrostError(
        'VARIABLE_NOT_FREEZABLE',
        `Node '${name}' (${node.op}) writes to '${kept}', which stays a variable, and to one that becomes a constant. ` +
          'Freeze both or neither: mend the allow and deny lists.',
      );
    }
  }

  #rewired(node: GraphNode): GraphNode {
    const inputs = this.#rewriting.inputs.get(node.name);
    return inputs ? node.edit({ inputs }) : node;
  }

  /** What reads a resource is an op of its own. */
  #readHandle(use: Use, versions: Versions, values: WrittenValues, variable: GraphNode): void {
    const { node, position } = use;
    const version = versions.before(position);
    if (version === stored || passesOn(node.op) || node.op === 'VarIsInitializedOp') return;
    const rule = valueRules.get(node.op);
    if (!rule) throw takesHandle(variable, node, version);
    this.#rewire(use, values.at(use, version));
    this.#applyRule(use, variable, 'handle');
  }

  /** Whatever takes a reference, or what Identity made of it, reads it. */
  #readReference(
    use: Use,
    versions: Versions,
    values: WrittenValues,
    variable: GraphNode,
    targets: ReadonlyMap<string, Use>,
  ): void {
    const { node, position, input } = use;
    const name = inputNode(node.inputs[input] as string);
    const producer = this.graph.wiring.positionOf(name);
    const held = targets.has(name) ? versions.after(producer) : versions.before(producer);
    // Each branch hands to a Merge what it has.
    const before = versions.before(position);
    const version = mergeOps.has(node.op) ? held : before;
    if (version !== held) this.#rewire(use, values.at(use, version));
    else if (targets.has(name)) values.give(versions.written(producer), node);
    const turnsToValue = version !== stored || (mergeOps.has(node.op) && before !== stored);
    if (turnsToValue && (node.op.startsWith('Ref') || node.op === 'IsVariableInitialized')) {
      this.#applyRule(use, variable, 'reference');
    }
  }

  /** The node as it will be when its input is a value. Its control inputs stay. */
  #applyRule({ node: { name, op }, position }: Use, variable: GraphNode, kind: 'handle' | 'reference'): void {
    const { byName, added, become } = this.#rewriting;
    const taken = (wanted: string): boolean => byName.has(wanted) || added.has(wanted);
    const arriving: Arriving = {
      kind,
      dtype: variableType(variable),
      loopDepth: this.#loopDepths[position] as number,
      taken,
      notation: graphNotation,
      tfParity: false,
    };
    become.set(name, (node) => {
      const rewrite = valueRules.get(op)?.(node, arriving);
      if (!rewrite) return node;
      for (const extra of rewrite.added ?? []) added.put(extra);
      return rewrite.node;
    });
  }

  #rewire({ node, input }: Use, text: string): void {
    const inputs = this.#rewriting.inputs.get(node.name) ?? [...node.inputs];
    inputs[input] = text;
    this.#rewriting.inputs.set(node.name, inputs);
  }

  #drop(write: Use, kind: 'handle' | 'reference', versions: Versions, values: WrittenValues): void {
    const { node, position } = write;
    this.#dropped.add(node.name);
    // An output that is a write through a reference is the value that it leaves.
    if (kind === 'reference' && this.outputs.has(node.name) && updateOf(node) !== 'counted')
      values.give(versions.written(position), node);
    if (updateOf(node) === 'counted') values.giveBefore(node, versions.before(position));
    if (this.#rewriting.become.has(node.name)) return;
    this.#rewriting.become.set(node.name, ({ inputs }) => {
      const controls = inputs.flatMap((input) => {
        if (isControlInput(input)) return input;
        const producer = this.graph.byName.get(inputNode(input));
        return producer && isVariable(producer) ? [] : values.alive(input);
      });
      return node.edit({ op: 'NoOp', inputs: [...new Set(controls)], attributes: new Map() });
    });
  }
}
