/**
 * Variants of functions: what a function is where some of its arguments are known, or where nobody hands over those that it
 * does not read. Each is made once, whoever calls it, and one that nothing is known of takes the place of the function itself.
 */
import { isUint8Array } from 'node:util/types';
import { Tensor } from '../../../evaluate/tensor.js';
import type { GraphFunction } from '../../../graph/function.js';
import { reachableFunctions } from '../../../graph/function-references.js';
import type { Graph } from '../../../graph/graph.js';
import type { FunctionLibrary } from '../../../graph/library.js';
import { upstream } from '../../../graph/upstream.js';
import { Expanding } from '../../../graph/weight.js';
import { bodyGraphOf } from '../../body-graphs.js';
import type { Change } from '../../change.js';
import { rewriteBody } from '../../every-scope.js';
import type { Scope } from '../../scope.js';
import { unusedArguments, withoutArguments } from './drop-arguments.js';
import type { Known } from './known-values.js';

/** What is known of arguments, by their numbers. */
export type KnownArguments = ReadonlyMap<number, Known>;

interface Variant {
  readonly function: GraphFunction;
  readonly changes: readonly Change[];
}

interface SlimVariant {
  readonly name: string;
  readonly dropped: ReadonlySet<number>;
}

export class FunctionVariants {
  /** By the function's name and what it is handed. */
  readonly #made = new Map<string, Variant>();
  /** By the bytes that a variant has under its function's own name. */
  readonly #alike = new Map<string, Variant>();
  /** By their names. */
  readonly #byName = new Map<string, Variant>();
  /** What calls are told of variants, by the names of those; undefined of one that reads all of its arguments. */
  readonly #slim = new Map<string, SlimVariant | undefined>();
  /** By the function's name: the number of its last variant. */
  readonly #numbers = new Map<string, number>();
  /** The functions of which variants are being made, from the outside in. */
  readonly #open: string[] = [];

  readonly #expanding: Expanding;
  readonly #library: FunctionLibrary;

  /**
   * @param graph with the functions themselves.
   * @param rewrite edits a body, given what is known of its arguments by their names; it may ask for more variants.
   */
  constructor(
    graph: Graph,
    private readonly rewrite: (scope: Scope, given: ReadonlyMap<string, Known>) => void,
  ) {
    this.#library = graph.library;
    this.#expanding = new Expanding(graph, 'as variants for what is known of their arguments');
  }

  /**
   * @returns the name of the function to call where these arguments are known.
   * @throws PermafrostError LIMIT_EXCEEDED where that makes too many variants.
   */
  of(name: string, known: KnownArguments): string {
    const source = this.#library.byName.get(name);
    const key = `${name}(${[...known].map(([index, value]) => `${index}:${keyOf(value)}`).sort()})`;
    const made = this.#made.get(key);
    if (made) return made.function.name;
    if (!source || this.#open.includes(name)) return name;
    this.#expanding.addFunction(source.nodes);
    this.#open.push(name);
    const variant = this.#make(source, known);
    this.#open.pop();
    this.#made.set(key, variant);
    return variant.function.name;
  }

  /** Whether that is a variant of its function which differs from it. */
  isChanged(name: string): boolean {
    return (this.#byName.get(name)?.changes.length ?? 0) > 0;
  }

  /** @returns numbers of arguments that a variant does not read, and the name of one without them; undefined where it reads all. */
  withoutUnused(name: string): SlimVariant | undefined {
    const variant = this.#byName.get(name);
    if (variant && !this.#slim.has(name)) this.#slim.set(name, this.#slimmed(name, variant));
    return this.#slim.get(name);
  }

  #slimmed(name: string, variant: Variant): SlimVariant | undefined {
    const dropped = unusedArguments(variant.function);
    if (dropped.size === 0) return undefined;
    const made = this.#renamed(variant, withoutArguments(variant.function, dropped, name));
    this.#made.set(`${name} without ${[...dropped]}`, made);
    return { name: made.function.name, dropped };
  }

  /**
   * A graph that calls variants, with those in its library.
   * @param changes gets those of the functions that the outputs need.
   */
  addTo(main: Graph, outputs: readonly string[], changes: Change[]): Graph {
    const library = this.#library;
    const isOwn = (name: string): boolean => library.byName.has(name);
    const made = [...new Set(this.#made.values())].filter(
      (each) => each.changes.length > 0 || !isOwn(each.function.name),
    );
    const byName = new Map(made.map((each) => [each.function.name, each]));
    const kept = library.functions.map((each) => byName.get(each.name)?.function ?? each);
    const added = made.flatMap((each) => (isOwn(each.function.name) ? [] : each.function));
    const whole = made.length === 0 ? main : main.withLibrary(library.with([...kept, ...added]));
    const called = reachableFunctions(whole.withNodes(upstream(whole, outputs).nodes()));
    for (const [name, each] of byName) if (called.has(name)) changes.push(...each.changes);
    return whole;
  }

  #make(source: GraphFunction, known: KnownArguments): Variant {
    const given = new Map(Array.from(known, ([index, value]) => [source.inputs[index]?.name ?? '', value]));
    const changes: Change[] = [];
    const edited = rewriteBody(bodyGraphOf(source, this.#library), changes, (scope) => this.rewrite(scope, given));
    const content = Buffer.from(edited.encode()).toString('latin1');
    const alike = this.#alike.get(content);
    if (alike) return alike;
    const own = { function: edited, changes };
    const variant = known.size > 0 && edited !== source ? this.#renamed(own, edited) : own;
    this.#alike.set(content, variant);
    this.#byName.set(variant.function.name, variant);
    return variant;
  }

  #renamed({ changes }: Variant, made: GraphFunction): Variant {
    const name = this.#freeName(made.name);
    return { function: made.edit({ name }), changes: changes.map((change) => ({ ...change, functionName: name })) };
  }

  #freeName(name: string): string {
    const base = name.replace(/_bound_\d+$/, '');
    let number = (this.#numbers.get(base) ?? 0) + 1;
    while (this.#library.byName.has(`${base}_bound_${number}`)) number++;
    this.#numbers.set(base, number);
    return `${base}_bound_${number}`;
  }
}

function keyOf(value: Known): string {
  if (!(value instanceof Tensor)) return `variable ${value.variable}`;
  const { dtype, shape, elements } = value;
  const bytes = isUint8Array(elements) ? [elements] : elements;
  return `${dtype}[${shape}] ${bytes.map((each) => Buffer.from(each).toString('hex'))}`;
}
