/**
 * Branches that are known before the graph runs, in the main graph and in all functions that its outputs need. A function
 * that is handed something known which decides a branch gets a variant for those who call it so; all others keep the one
 * there is.
 */

import { Tensor } from '../../evaluate/tensor.js';
import { readAttribute } from '../../graph/attributes.js';
import { tensorName } from '../../graph/edges.js';
import type { GraphFunction } from '../../graph/function.js';
import { maxCallDepth, reachableFunctions, referencedFunctions } from '../../graph/function-references.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { upstream } from '../../graph/upstream.js';
import { handOn } from '../../inline/plain-nodes.js';
import { calledFunctions, withFunctions } from '../../passes/retyping/call-rules.js';
import type { Change } from '../change.js';
import { rewriteBody } from '../every-scope.js';
import { Scope } from '../scope.js';
import { CallNames } from './call-names.js';
import { type Call, callOf } from './calls.js';
import { DecidingArguments } from './deciding-arguments.js';
import { unusedArguments, withoutArguments, withoutInputs } from './drop-arguments.js';
import { dropZeroNoise } from './drop-zero-noise.js';
import type { Known } from './known-values.js';
import { Liveness } from './liveness.js';
import { isBranching, resolveChoice } from './resolve-choice.js';
import { resolveSelects } from './resolve-selects.js';
import { resolveSwitches } from './resolve-switches.js';

/** A graph would have to be made for it to need more. */
const maxVariants = 10_000;

/**
 * @param outputs names of nodes.
 * @param given what is known of nodes of the main graph, by name.
 * @throws PermafrostError INVALID_ARGUMENT where an output is in a branch that is never taken.
 */
export function resolveBranches(
  graph: Graph,
  outputs: readonly string[],
  given: ReadonlyMap<string, Known>,
  changes: Change[],
): Graph {
  return new BranchResolver(graph).resolve(outputs, given, changes);
}

interface Resolved {
  readonly function: GraphFunction;
  readonly changes: readonly Change[];
}

type KnownArguments = ReadonlyMap<number, Known>;

class BranchResolver {
  readonly #deciding: DecidingArguments;
  /** By the function's name and what it is handed. */
  readonly #resolved = new Map<string, Resolved>();
  /** By the bytes that a variant has under its function's own name. */
  readonly #alike = new Map<string, Resolved>();
  /** By their names, the functions that were looked at. */
  readonly #byName = new Map<string, Resolved>();
  /** By the function's name: the number of its last variant. */
  readonly #numbers = new Map<string, number>();
  /** The functions that are being resolved, from the outside in. */
  readonly #open: string[] = [];

  constructor(private readonly graph: Graph) {
    this.#deciding = new DecidingArguments(graph.library);
  }

  resolve(outputs: readonly string[], given: ReadonlyMap<string, Known>, changes: Change[]): Graph {
    const scope = Scope.ofGraph(this.graph, outputs, changes);
    this.#rewrite(scope, given);
    const main = scope.finish().graph;
    const { library } = this.graph;
    const made = [...new Set(this.#resolved.values())].filter(
      (each) => each.changes.length > 0 || !library.byName.has(each.function.name),
    );
    const byName = new Map(made.map((each) => [each.function.name, each]));
    const kept = library.functions.map((each) => byName.get(each.name)?.function ?? each);
    const added = made.flatMap((each) => (library.byName.has(each.function.name) ? [] : each.function));
    const whole = made.length === 0 ? main : main.withLibrary(library.with([...kept, ...added]));
    const called = reachableFunctions(whole.withNodes(upstream(whole, outputs).nodes()));
    for (const [name, each] of byName) if (called.has(name)) changes.push(...each.changes);
    return whole;
  }

  #rewrite(scope: Scope, given: ReadonlyMap<string, Known>): void {
    const liveness = new Liveness(scope.graph, given);
    resolveSwitches(scope, liveness);
    resolveSelects(scope, liveness);
    dropZeroNoise(scope, liveness);
    const names = new CallNames(scope.graph);
    // A function runs its control outputs whatever its results need.
    for (const { name } of upstream(scope.graph, [...scope.outputs, ...scope.controls]).nodes()) {
      if (!liveness.isDeadNode(name)) this.#rewriteCalls(scope, names, liveness, scope.node(name) as GraphNode);
    }
  }

  #rewriteCalls(scope: Scope, names: CallNames, { values }: Liveness, node: GraphNode): void {
    const selector = isBranching(node) ? values.tensor(node.inputs[0] ?? '') : undefined;
    const choice = selector && resolveChoice(node, selector);
    const called = this.#called(choice?.node ?? node, values, choice !== undefined);
    if (!choice) {
      if (called !== node) scope.replace(called);
      return;
    }
    scope.report('bindings', node.name, choice.text);
    const call = called.edit({ name: names.free(`${node.name}/${choice.branch}`) });
    scope.add(call);
    scope.replace(resultsOf(call, node));
  }

  /** @param isNew whether nobody called the function here before. */
  #called(node: GraphNode, values: Liveness['values'], isNew: boolean): GraphNode {
    const call = callOf(node, this.graph.library);
    if (!call) for (const name of referencedFunctions(node)) this.#variant(name, new Map());
    if (!call) return node;
    const called = this.#calling(node, call, values);
    return isPlainCall(called) ? this.#withoutUnused(called, call, isNew || called !== node) : called;
  }

  /** The call, of variants that know what they are handed. */
  #calling(node: GraphNode, call: Call, values: Liveness['values']): GraphNode {
    const names = call.names.map((name) => this.#variant(name, this.#knownArguments(name, call, values)));
    const isRenamed = names.some((name, index) => name !== call.names[index]);
    return isRenamed ? withFunctions(node, call.row, names) : node;
  }

  /** What went to the branch that is gone is not handed over any more. */
  #withoutUnused(node: GraphNode, { row }: Call, isNew: boolean): GraphNode {
    const name = calledFunctions(node, row)[0]?.name ?? '';
    const called = this.#byName.get(name);
    const isOther = isNew || (called?.changes.length ?? 0) > 0;
    const dropped = called && isOther ? unusedArguments(called.function) : [];
    if (!called || dropped.length === 0) return node;
    const key = `${name} without ${dropped}`;
    const slim = this.#resolved.get(key) ?? this.#renamed(called, withoutArguments(called.function, dropped, name));
    this.#resolved.set(key, slim);
    return withFunctions(withoutInputs(node, dropped), row, [slim.function.name]);
  }

  #knownArguments(name: string, { handed }: Call, values: Liveness['values']): KnownArguments {
    const known = new Map<number, Known>();
    for (const index of this.#deciding.of(name)) {
      const input = handed.get(index);
      const value = input === undefined ? undefined : values.of(input);
      if (value) known.set(index, value);
    }
    return known;
  }

  /** @returns the name of the function to call where these arguments are known. */
  #variant(name: string, known: KnownArguments): string {
    const source = this.graph.library.byName.get(name);
    const key = `${name}(${[...known].map(([index, value]) => `${index}:${keyOf(value)}`).sort()})`;
    const made = this.#resolved.get(key);
    if (made) return made.function.name;
    const isTooDeep = this.#open.length >= maxCallDepth || this.#resolved.size >= maxVariants;
    if (!source || this.#open.includes(name) || isTooDeep) return name;
    this.#open.push(name);
    const resolved = this.#make(source, known);
    this.#open.pop();
    this.#resolved.set(key, resolved);
    return resolved.function.name;
  }

  #make(source: GraphFunction, known: KnownArguments): Resolved {
    const given = new Map(Array.from(known, ([index, value]) => [source.inputs[index]?.name ?? '', value]));
    const changes: Change[] = [];
    const edited = rewriteBody(source, this.graph.library, changes, (scope) => this.#rewrite(scope, given));
    const content = Buffer.from(edited.encode()).toString('latin1');
    const alike = this.#alike.get(content);
    if (alike) return alike;
    const resolved = { function: edited, changes };
    const named = known.size > 0 && edited !== source ? this.#renamed(resolved, edited) : resolved;
    this.#alike.set(content, named);
    this.#byName.set(named.function.name, named);
    return named;
  }

  #renamed({ changes }: Resolved, made: GraphFunction): Resolved {
    const name = this.#freeName(made.name);
    return { function: made.edit({ name }), changes: changes.map((change) => ({ ...change, functionName: name })) };
  }

  #freeName(name: string): string {
    const base = name.replace(/_bound_\d+$/, '');
    let number = (this.#numbers.get(base) ?? 0) + 1;
    while (this.graph.library.byName.has(`${base}_bound_${number}`)) number++;
    this.#numbers.set(base, number);
    return `${base}_bound_${number}`;
  }
}

/** What hands on the results of a call, under the name and on the device of the node that gave them before. */
function resultsOf(call: GraphNode, { name, device }: GraphNode): GraphNode {
  const types = readAttribute(call, 'Tout')?.list?.type ?? [];
  const outputs = types.map((_, port) => tensorName(call.name, port));
  const results = handOn(name, outputs, types, outputs.length === 0 ? [`^${call.name}`] : []);
  const shapes = call.attribute('_output_shapes');
  return results.edit({ device, ...(shapes && outputs.length > 0 && { set: { _output_shapes: shapes } }) });
}

function isPlainCall({ op }: GraphNode): boolean {
  return op === 'PartitionedCall' || op === 'StatefulPartitionedCall';
}

function keyOf(value: Known): string {
  if (!(value instanceof Tensor)) return `variable ${value.variable}`;
  const { dtype, shape, elements } = value;
  const bytes = elements instanceof Uint8Array ? [elements] : elements;
  return `${dtype}[${shape}] ${bytes.map((each) => Buffer.from(each).toString('hex'))}`;
}
