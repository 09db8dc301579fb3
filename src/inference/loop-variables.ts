/** Which variables of loops are read after them, or decide how often they run, or what those become. */
import { inputNode } from '../graph/edges.js';
import type { GraphFunction } from '../graph/function.js';

/** What a body writes for a result. */
export function tensorOf(called: GraphFunction, result: number): string {
  const name = called.outputs[result]?.name ?? '';
  return called.returns.get(name) ?? name;
}

export class LoopVariables {
  readonly #bodies = new Map<GraphFunction, Tracing>();
  /** The arguments that a condition reads. */
  readonly #conditions = new Map<GraphFunction, readonly number[]>();
  readonly #entered = new Map<GraphFunction, Set<GraphFunction>>();

  /** @param told of each variable of a body, once. */
  constructor(private readonly told: (body: GraphFunction, variable: number) => void) {}

  /** A loop of these functions runs. */
  enter(body: GraphFunction, conditions: readonly GraphFunction[]): void {
    let entered = this.#entered.get(body);
    if (!entered) {
      entered = new Set();
      this.#entered.set(body, entered);
      const tracing = this.#tracingOf(body);
      this.#follow(body, tracing.arguments(tracing.controls()));
    }
    for (const condition of conditions) {
      if (entered.has(condition)) continue;
      entered.add(condition);
      this.#follow(body, this.#argumentsOf(condition));
    }
  }

  /** A loop of that body gives a variable out. */
  read(body: GraphFunction, variable: number): void {
    this.#follow(body, [variable]);
  }

  /** What a variable becomes is what it is in the next round. */
  #follow(body: GraphFunction, variables: Iterable<number>): void {
    const tracing = this.#tracingOf(body);
    const waiting = [...variables];
    for (let variable = waiting.pop(); variable !== undefined; variable = waiting.pop()) {
      if (tracing.variables.has(variable)) continue;
      tracing.variables.add(variable);
      this.told(body, variable);
      for (const argument of tracing.arguments([inputNode(tensorOf(body, variable))])) waiting.push(argument);
    }
  }

  #argumentsOf(condition: GraphFunction): readonly number[] {
    const known = this.#conditions.get(condition);
    if (known) return known;
    const tracing = new Tracing(condition);
    const results = Array.from(condition.outputs.keys(), (result) => inputNode(tensorOf(condition, result)));
    const read = [...tracing.arguments([...results, ...tracing.controls()])];
    this.#conditions.set(condition, read);
    return read;
  }

  #tracingOf(body: GraphFunction): Tracing {
    const known = this.#bodies.get(body) ?? new Tracing(body);
    this.#bodies.set(body, known);
    return known;
  }
}

/** Goes back from nodes to arguments, past each node once. */
class Tracing {
  readonly variables = new Set<number>();
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #names = new Set<string>();

  constructor(private readonly called: GraphFunction) {
    this.#numbers = new Map(called.inputs.map(({ name }, number) => [name, number]));
  }

  controls(): Iterable<string> {
    return this.called.controlReturns.values();
  }

  /** The numbers of the arguments that these nodes are computed from, and that nobody was told of so far. */
  *arguments(from: Iterable<string>): Generator<number> {
    const waiting = [...from];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      const argument = this.#numbers.get(name);
      if (argument !== undefined) yield argument;
      for (const input of this.called.wiring.get(name)?.inputs ?? []) waiting.push(inputNode(input));
    }
  }
}
