/**
 * What tensors of a graph are known before it runs, as far as predicates need it: what comes of small constants and of
 * what is bound. Computed when somebody asks.
 */
import { isUint8Array } from 'node:util/types';
import { Computing } from '../../../evaluate/computing.js';
import { ops } from '../../../evaluate/ops.js';
import { isSmallLiteral, smallBytes } from '../../../evaluate/small-constant.js';
import { Tensor } from '../../../evaluate/tensor.js';
import { readAttribute } from '../../../graph/attributes.js';
import { leadsBack } from '../../../graph/control-flow.js';
import { dataInputs, parseInput } from '../../../graph/edges.js';
import type { Graph } from '../../../graph/graph.js';
import type { GraphNode } from '../../../graph/node.js';
import { enterOps, mergeOps, switchOps } from '../../../graph/op-kinds/control-flow.js';
import { identityOps } from '../../../graph/op-kinds/handing-on.js';
import { limits, within } from '../../../limits.js';
import { DataType } from '../../../proto/data-types.js';

/** The handle of a variable that a value is bound to. */
export class BoundHandle {
  constructor(
    readonly variable: string,
    readonly value: Tensor,
  ) {}
}

export type Known = Tensor | BoundHandle;

/** Of all values of a graph: predicates are computed of a few numbers. */
const mostBytes = 2 ** 24;

/** Ops that hand their first input on, whenever they run at all. */
const passingOps: ReadonlySet<string> = new Set([...identityOps, 'RefIdentity', ...switchOps]);

export class KnownValues {
  readonly #values = new Map<string, Known | undefined>();
  readonly #computing = new Computing(ops, mostBytes);

  /**
   * @param given by the names of nodes: arguments of a function, and variables.
   * @param isDead tells of an input whether nothing ever comes by it; of those before the node that is asked about.
   */
  constructor(
    private readonly graph: Graph,
    private readonly given: ReadonlyMap<string, Known>,
    private readonly isDead: (input: string) => boolean,
  ) {}

  /** Of a tensor that only exists while some branch is taken: what it is then. */
  of(input: string): Known | undefined {
    const waiting = [input];
    for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
      const missing = this.#values.has(next) ? [] : this.#needs(next).filter((each) => !this.#values.has(each));
      // Damaged graphs alone have cycles here: back edges of loops are not followed.
      if (missing.length > 0 && waiting.length <= this.graph.nodes.length + 1) {
        for (const each of missing) waiting.push(each);
      } else {
        waiting.pop();
        if (!this.#values.has(next)) this.#values.set(next, this.#compute(next));
      }
    }
    return this.#values.get(input);
  }

  tensor(input: string): Tensor | undefined {
    const value = this.of(input);
    return value instanceof Tensor ? value : undefined;
  }

  /** Of a predicate of Switch, which is a single bool. */
  bool(input: string): boolean | undefined {
    const value = this.tensor(input);
    if (value?.dtype !== DataType.bool || value.elementCount !== 1) return undefined;
    return value.numbers()?.[0] === 1;
  }

  /** The inputs that this output of a node is computed from. */
  #needs(input: string): string[] {
    const { node: name, port } = parseInput(input);
    const node = this.graph.byName.get(name);
    if (!node || this.given.has(name)) return [];
    const inputs = dataInputs(node);
    if (node.op === 'IdentityN') return inputs.slice(port, port + 1);
    if (passingOps.has(node.op) || readsHandle(node) || isInvariant(node)) return inputs.slice(0, 1);
    if (port > 0) return [];
    if (mergeOps.has(node.op))
      return inputs.some((each) => leadsBack(this.graph, each)) ? [] : inputs.filter((each) => !this.isDead(each));
    return ops.has(node.op) ? inputs : [];
  }

  #compute(input: string): Known | undefined {
    const { node: name, port } = parseInput(input);
    const node = this.graph.byName.get(name);
    const given = port === 0 ? this.given.get(name) : undefined;
    if (!node || given) return given;
    const inputs = this.#needs(input).map((each) => this.#values.get(each));
    const [first] = inputs;
    if (node.op === 'IdentityN' || passingOps.has(node.op) || isInvariant(node)) return first;
    if (readsHandle(node)) return first instanceof BoundHandle ? first.value : undefined;
    if (mergeOps.has(node.op)) return inputs.every((each) => isSameValue(each, first)) ? first : undefined;
    return port === 0 ? this.#computed(node, inputs) : undefined;
  }

  #computed(node: GraphNode, inputs: readonly (Known | undefined)[]): Tensor | undefined {
    if (!ops.has(node.op) || (node.op === 'Const' && !isSmallLiteral(node))) return undefined;
    const decided = decidedByOne(node, inputs);
    if (decided) return decided;
    const tensors = inputs.filter((each) => each instanceof Tensor);
    if (tensors.length !== inputs.length) return undefined;
    // What would be large is not even computed.
    const most = { ...limits(), computedBytes: Math.min(smallBytes, limits().computedBytes) };
    return within(most, () => this.#computing.compute(node, tensors));
  }
}

function readsHandle({ op }: GraphNode): boolean {
  return op === 'ReadVariableOp';
}

/** What enters a loop and stays the same in all its rounds. */
function isInvariant(node: GraphNode): boolean {
  return enterOps.has(node.op) && readAttribute(node, 'is_constant')?.b === true;
}

function isSameValue(a: Known | undefined, b: Known | undefined): boolean {
  if (a === b || !(a instanceof Tensor) || !(b instanceof Tensor)) return a === b;
  const { elements } = b;
  const isEqual = isUint8Array(a.elements) && isUint8Array(elements) && equal(a.elements, elements);
  return isEqual && a.dtype === b.dtype && a.shape.join() === b.shape.join();
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** A single false decides a conjunction, a single true a disjunction. Predicates are single bools, and so is the other input. */
function decidedByOne({ op }: GraphNode, inputs: readonly (Known | undefined)[]): Tensor | undefined {
  const decisive = op === 'LogicalAnd' ? 0 : op === 'LogicalOr' ? 1 : undefined;
  if (decisive === undefined) return undefined;
  const decides = (each: Known | undefined): each is Tensor =>
    each instanceof Tensor && each.shape.length === 0 && each.numbers()?.[0] === decisive;
  return inputs.find(decides);
}
