/**
 * Branches of TensorFlow 1 that are always or never taken: a Switch that always goes one way hands its input on, a Merge
 * the input that is left, and what is dead loses its readers.
 */
import { invalidArgument } from '../../../errors.js';
import { Tensor } from '../../../evaluate/tensor.js';
import { encodeConstant } from '../../../evaluate/tensor-proto.js';
import { intAttribute, readType, typeAttribute } from '../../../graph/attributes.js';
import { constantNode } from '../../../graph/constant-node.js';
import { leadsBack, switchToldBy } from '../../../graph/control-flow.js';
import { dataInputs, isControlInput, parseInput } from '../../../graph/edges.js';
import { asIdentity } from '../../../graph/identity-node.js';
import { GraphNode } from '../../../graph/node.js';
import { mergeOps } from '../../../graph/op-kinds/control-flow.js';
import { DataType } from '../../../proto/data-types.js';
import type { Scope } from '../../scope.js';
import type { Liveness } from './liveness.js';

/** @throws PermafrostError INVALID_ARGUMENT where an output of the main graph is in a branch that is never taken. */
export function resolveSwitches(scope: Scope, liveness: Liveness): void {
  if (!liveness.decides) return;
  const dead = [...scope.outputs].find((name) => liveness.isDeadNode(name));
  if (dead !== undefined) {
    // TensorFlow fails where such a function is called; nobody calls it, or it would not have been exported.
    if (scope.functionName !== undefined) return;
    throw invalidArgument(
      `The output '${dead}' is in a branch that is never taken with what is bound, so it has no value. ` +
        'Choose another output, or bind otherwise.',
    );
  }
  new SwitchResolver(scope, liveness).run();
}

class SwitchResolver {
  /** By the name of a Merge: the node that gives the number of the input that came. */
  readonly #numbers = new Map<string, string>();

  constructor(
    private readonly scope: Scope,
    private readonly liveness: Liveness,
  ) {}

  run(): void {
    const { nodes } = this.scope.graph;
    const alive = nodes.filter(({ name }) => !this.liveness.isDeadNode(name));
    const resolved = new Map(
      alive.flatMap((node) => {
        const edited = this.#resolve(node);
        return edited === node ? [] : [[node.name, edited] as const];
      }),
    );
    for (const node of alive) {
      const edited = resolved.get(node.name) ?? node;
      const inputs = this.#redirected(edited);
      const isSame = inputs.every((input, index) => input === edited.inputs[index]);
      const isWhole = isSame && inputs.length === edited.inputs.length;
      if (edited !== node || !isWhole) this.scope.replace(isWhole ? edited : edited.edit({ inputs }));
    }
    for (const name of this.scope.controls) if (this.liveness.isDeadNode(name)) this.scope.dropControl(name);
  }

  #resolve(node: GraphNode): GraphNode {
    const isNeeded = this.scope.needed.has(node.name);
    const taken = this.liveness.taken(node.name);
    if (taken !== undefined) {
      const [data = '', predicate = ''] = node.inputs;
      const text = `hands its input on: '${predicate}' is ${taken === 1}`;
      if (isNeeded) this.scope.report('bindings', node.name, text);
      return asIdentity(node, data, readType(node, 'T'), taken);
    }
    return mergeOps.has(node.op) ? this.#merge(node, isNeeded) : node;
  }

  #merge(node: GraphNode, isNeeded: boolean): GraphNode {
    const data = dataInputs(node);
    const controls = node.inputs.filter(isControlInput);
    const left = data.filter((input) => !this.liveness.isDead(input));
    if (left.length === data.length || data.some((input) => leadsBack(this.scope.graph, input))) return node;
    const [only = ''] = left;
    const rest = `${data.length - left.length} of its inputs ${data.length - left.length === 1 ? 'is' : 'are'} never there`;
    this.#numberInputs(node, data, left);
    if (left.length > 1) {
      if (isNeeded) this.scope.report('bindings', node.name, `merges ${left.length} inputs: ${rest}`);
      return node.edit({ inputs: [...left, ...controls], set: { N: intAttribute(left.length) } });
    }
    if (isNeeded) this.scope.report('bindings', node.name, `hands '${only}' on: ${rest}`);
    return asIdentity(node, only, readType(node, 'T'));
  }

  /** Who asks which input came gets its number from among those that the Merge had. */
  #numberInputs(node: GraphNode, data: readonly string[], inputs: readonly string[]): void {
    if (!this.scope.readers(node.name).some(({ port }) => port === 1)) return;
    const { scope } = this;
    // Of what is merged with itself, the first number counts.
    const first = new Map(data.map((input, index) => [input, index] as const).reverse());
    const left = inputs.map((input) => first.get(input) as number);
    const numbers = new Tensor(
      DataType.int32,
      left.length === 1 ? [] : [left.length],
      new Uint8Array(Int32Array.from(left).buffer),
    );
    const name = scope.freeName(`${node.name}/value_index`);
    const after = [`^${node.name}`];
    if (left.length === 1) scope.add(constantNode(name, DataType.int32, encodeConstant(numbers), after));
    else {
      const table = scope.freeName(`${node.name}/value_indices`);
      const axis = scope.freeName(`${node.name}/value_indices_axis`);
      const zero = new Tensor(DataType.int32, [], new Uint8Array(4));
      scope.add(constantNode(table, DataType.int32, encodeConstant(numbers), after));
      scope.add(constantNode(axis, DataType.int32, encodeConstant(zero), after));
      const types = ['Tparams', 'Tindices', 'Taxis'].map((type) => [type, typeAttribute(DataType.int32)] as const);
      scope.add(GraphNode.create(name, 'GatherV2', [table, `${node.name}:1`, axis], new Map(types)));
    }
    this.#numbers.set(node.name, name);
  }

  #redirected(node: GraphNode): string[] {
    return node.inputs.flatMap((input) => {
      const { node: source, port } = parseInput(input);
      if (port < 0) return this.#waitsFor(node, source) ? [input] : [];
      if (port !== 1) return [input];
      if (this.liveness.taken(source) !== undefined) return [source];
      return [this.#numbers.get(source) ?? input];
    });
  }

  /** Branches hold their constants back until they are taken. One that is always taken need not. */
  #waitsFor(node: GraphNode, source: string): boolean {
    if (this.liveness.isDeadNode(source)) return false;
    const isFree = this.liveness.isAlwaysAlive(source) && this.#isPivot(source);
    return !isFree || mergeOps.has(node.op) || node.op === 'ControlTrigger';
  }

  #isPivot(name: string): boolean {
    const told = switchToldBy(this.scope.graph, name);
    if (!told || this.liveness.taken(told.name) === undefined) return false;
    const [data = ''] = told.inputs;
    return this.liveness.values.tensor(data) !== undefined;
  }
}
