/**
 * Branches that are known before the graph runs, in the main graph and in all functions that its outputs need. A function
 * that is handed something known which decides a branch gets a variant for those who call it so; all others keep the one
 * there is.
 */
import { readTypes } from '../../../graph/attributes.js';
import { tensorName } from '../../../graph/edges.js';
import { referencedFunctions } from '../../../graph/function-references.js';
import type { Graph } from '../../../graph/graph.js';
import type { GraphNode } from '../../../graph/node.js';
import { choiceOps, plainCallOps } from '../../../graph/op-kinds/calls.js';
import { upstream } from '../../../graph/upstream.js';
import { handOn } from '../../../inline/plain-nodes.js';
import { calledFunctions, withFunctions } from '../../../passes/retyping/call-rules.js';
import type { Change } from '../../change.js';
import { Scope } from '../../scope.js';
import { CallNames } from './call-names.js';
import { type Call, callOf } from './calls.js';
import { DecidingArguments } from './deciding-arguments.js';
import { withoutInputs } from './drop-arguments.js';
import { dropZeroNoise } from './drop-zero-noise.js';
import { FunctionVariants, type KnownArguments } from './function-variants.js';
import type { Known } from './known-values.js';
import { Liveness } from './liveness.js';
import { resolveChoice } from './resolve-choice.js';
import { resolveSelects } from './resolve-selects.js';
import { resolveSwitches } from './resolve-switches.js';

/**
 * @param outputs names of nodes.
 * @param given what is known of nodes of the main graph, by name.
 * @throws PermafrostError INVALID_ARGUMENT where an output is in a branch that is never taken; LIMIT_EXCEEDED where functions
 * have too many variants.
 */
export function resolveBranches(
  graph: Graph,
  outputs: readonly string[],
  given: ReadonlyMap<string, Known>,
  changes: Change[],
): Graph {
  return new BranchResolver(graph).resolve(outputs, given, changes);
}

class BranchResolver {
  readonly #deciding: DecidingArguments;
  readonly #variants: FunctionVariants;

  constructor(private readonly graph: Graph) {
    this.#deciding = new DecidingArguments(graph.library);
    this.#variants = new FunctionVariants(graph, (scope, given) => this.#rewrite(scope, given));
  }

  resolve(outputs: readonly string[], given: ReadonlyMap<string, Known>, changes: Change[]): Graph {
    const scope = Scope.ofGraph(this.graph, outputs, changes);
    this.#rewrite(scope, given);
    return this.#variants.addTo(scope.finish().graph, outputs, changes);
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
    const selector = choiceOps.has(node.op) ? values.tensor(node.inputs[0] ?? '') : undefined;
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
    if (!call) for (const name of referencedFunctions(node)) this.#variants.of(name, new Map());
    if (!call) return node;
    const called = this.#calling(node, call, values);
    return plainCallOps.has(called.op) ? this.#withoutUnused(called, call, isNew || called !== node) : called;
  }

  /** The call, of variants that know what they are handed. */
  #calling(node: GraphNode, call: Call, values: Liveness['values']): GraphNode {
    // A Case may have one function for very many branches.
    const known = new Map(call.names.map((name) => [name, '']));
    for (const name of known.keys()) known.set(name, this.#variants.of(name, this.#knownArguments(name, call, values)));
    const names = call.names.map((name) => known.get(name) as string);
    const isRenamed = names.some((name, index) => name !== call.names[index]);
    return isRenamed ? withFunctions(node, call.row, names) : node;
  }

  /** What went to the branch that is gone is not handed over any more. */
  #withoutUnused(node: GraphNode, { row }: Call, isNew: boolean): GraphNode {
    const name = calledFunctions(node, row)[0]?.name ?? '';
    const slim = isNew || this.#variants.isChanged(name) ? this.#variants.withoutUnused(name) : undefined;
    return slim ? withFunctions(withoutInputs(node, slim.dropped), row, [slim.name]) : node;
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
}

/** What hands on the results of a call, under the name and on the device of the node that gave them before. */
function resultsOf(call: GraphNode, { name, device }: GraphNode): GraphNode {
  const types = readTypes(call, 'Tout');
  const outputs = types.map((_, port) => tensorName(call.name, port));
  const results = handOn(name, outputs, types, outputs.length === 0 ? [`^${call.name}`] : []);
  const shapes = call.attribute('_output_shapes');
  return results.edit({ device, ...(shapes && outputs.length > 0 && { set: { _output_shapes: shapes } }) });
}
