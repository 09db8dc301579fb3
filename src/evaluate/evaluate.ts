/** Computes nodes from constants, as far as that goes without a runtime. */
import { isControlInput, parseInput } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { isVariable } from '../graph/variables.js';
import { limits } from '../limits.js';
import { Computing } from './computing.js';
import { ops } from './ops.js';
import { Tensor } from './tensor.js';

/** A value; or the variable whose stored value it is. */
export type Evaluated = Tensor | GraphNode;

export class Evaluator {
  /** The nodes that stand in the way of what could not be computed, in the order in which they were met. */
  readonly obstacles: Set<GraphNode> = new Set();

  readonly #computing = new Computing(ops, limits().computedBytes);
  readonly #values = new Map<string, Evaluated | undefined>();

  constructor(private readonly graph: Graph) {}

  /** @returns undefined where `obstacles` stand in the way. */
  evaluate(input: string): Evaluated | undefined {
    const { node: name, port } = parseInput(input);
    // A chain of nodes may be longer than the stack.
    const waiting = [name];
    for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
      const missing = this.#values.has(next) ? [] : this.#missingInputs(this.graph.byName.get(next));
      if (missing.length > 0) for (const each of missing) waiting.push(each);
      else {
        waiting.pop();
        if (!this.#values.has(next)) this.#values.set(next, this.#compute(this.graph.byName.get(next)));
      }
    }
    if (port === 0) return this.#values.get(name);
    // None of the ops here has more outputs than one.
    const node = this.graph.byName.get(name);
    if (node) this.obstacles.add(node);
    return undefined;
  }

  #missingInputs(node: GraphNode | undefined): string[] {
    if (!node || isVariable(node) || !isComputed(node)) return [];
    return dataNodes(node).filter((name) => !this.#values.has(name));
  }

  #compute(node: GraphNode | undefined): Evaluated | undefined {
    if (!node || isVariable(node)) return node;
    if (isComputed(node) && node.inputs.some((input) => !isControlInput(input) && parseInput(input).port !== 0)) {
      this.obstacles.add(node);
      return undefined;
    }
    const inputs = dataNodes(node).map((name) => this.#values.get(name));
    const [first] = inputs;
    if (readOps.has(node.op) && first && !(first instanceof Tensor)) return first;
    const isKnown = isComputed(node);
    if (isKnown && inputs.includes(undefined)) return undefined;
    const tensors = inputs.filter((value) => value instanceof Tensor);
    const value = tensors.length === inputs.length ? this.#computing.compute(node, tensors) : undefined;
    if (!value) this.obstacles.add(node);
    return this.obstacles.has(node) ? undefined : value;
  }
}

/** Ops that give what a variable holds, and Identity, which may. */
const readOps: ReadonlySet<string> = new Set(['Identity', 'ReadVariableOp']);

function isComputed({ op }: GraphNode): boolean {
  return ops.has(op) || readOps.has(op);
}

/** Where each data input comes from. */
function dataNodes({ inputs }: GraphNode): string[] {
  return inputs.filter((input) => !isControlInput(input)).map((input) => parseInput(input).node);
}
