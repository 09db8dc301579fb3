/**
 * What becomes of functions that were handed variables and are now handed values: variants that take them. A function is
 * made into a variant once for every set of arguments that turned into values of some type and shape, and variants that
 * came out alike are one.
 */
import { PermafrostError } from '../../errors.js';
import { type FunctionArgument, type GraphFunction, retyped } from '../../graph/function.js';
import type { FunctionLibrary } from '../../graph/library.js';
import type { GraphNode } from '../../graph/node.js';
import type { Expanding } from '../../graph/weight.js';
import { beyond, limits } from '../../limits.js';
import { listNames, nearest } from '../../nearest.js';
import { bodyNotationOf } from './body-notation.js';
import {
  argumentOffset,
  type CalledFunction,
  type CallRow,
  calledFunctions,
  callRowsOf,
  followedForValues,
  handedInputs,
  withFunctions,
  withInferredShapes,
  withListedTypes,
  withLoopShapes,
  withTypes,
} from './call-rules.js';
import { forgetShapes } from './function-shapes.js';
import { type CallRewriter, type FlowSettings, ValueFlow } from './value-flow.js';
import type { EdgeKind, Value } from './value-rules.js';

interface Variant {
  readonly name: string;
  /** The values that it returns where the function returned handles, by the number of the result. */
  readonly returns: ReadonlyMap<number, Value>;
}

export class Specializer implements CallRewriter {
  /** By the name of the function that they were made from. */
  readonly variants: Map<string, GraphFunction[]> = new Map();

  readonly #made = new Map<string, Variant>();
  /** By the bytes that a variant has under its function's own name. */
  readonly #byContent = new Map<string, string>();
  #lastNumber = 0;
  /** The functions that are being made into variants, from the outside in. */
  readonly #open: string[] = [];

  constructor(
    private readonly library: FunctionLibrary,
    private readonly settings: FlowSettings,
    private readonly expanding: Expanding,
  ) {}

  follows(node: GraphNode, kind: EdgeKind): boolean {
    if (kind !== 'handle') return this.settings.tfParity && followedForValues.has(node.op);
    return node.op === 'IdentityN' || callRowsOf(node, this.library).length > 0;
  }

  rewriteCall(
    node: GraphNode,
    arrived: ReadonlyMap<number, Value>,
  ): { node: GraphNode; returns: ReadonlyMap<number, Value> } {
    // No call, but like one in that each of its inputs comes out by a port of its own.
    if (node.op === 'IdentityN') return { node: withListedTypes(node, 'T', arrived), returns: arrived };
    const left = new Map(arrived);
    let rewritten = { node, returns: new Map() as ReadonlyMap<number, Value> };
    for (const row of callRowsOf(node, this.library)) {
      const { start, end } = handedInputs(node, row);
      const handed = new Map([...arrived].filter(([input]) => input >= start && input < end));
      for (const input of handed.keys()) left.delete(input);
      if (handed.size > 0) rewritten = this.#rewriteRow(rewritten.node, row, handed);
    }
    for (const [input, { kind, variable }] of left) {
      // A condition that is a value was one before.
      if (kind !== 'handle') continue;
      throw new PermafrostError(
        'VARIABLE_NOT_FREEZABLE',
        `Variable '${variable}' cannot become a constant: input ${input} of node '${node.name}' (${node.op}) is none that ` +
          `its function gets. Put '${variable}' on the deny list.`,
      );
    }
    return rewritten;
  }

  /** @param handed the values by the number of the node's input. */
  #rewriteRow(
    node: GraphNode,
    row: CallRow,
    handed: ReadonlyMap<number, Value>,
  ): { node: GraphNode; returns: ReadonlyMap<number, Value> } {
    const called = calledFunctions(node, row);
    if (called.length === 0) throw namesNoFunction(node);
    // A Case may have one function for very many branches.
    const byName = new Map<string, Variant>();
    const variantOf = (name: string): Variant => {
      const known = byName.get(name) ?? this.#specialize(name, this.#arguments(node, row, name, handed), node);
      byName.set(name, known);
      return known;
    };
    const variants = called.map(({ name }) => variantOf(name));
    const returns = this.#returnsOf(node, row, called, variants, handed);
    const names = variants.map(({ name }) => name);
    const renamed = withTypes(withFunctions(node, row, names), row, handed, returns);
    // TensorFlow's tool leaves the shapes of handles where they are; in a function's body nothing minds them.
    const keepsShapes = this.settings.tfParity && this.#open.length > 0;
    const typed = keepsShapes ? renamed : withInferredShapes(renamed, returns);
    return { node: row.returns === 'inputs' ? withLoopShapes(typed, handed, this.settings.tfParity) : typed, returns };
  }

  /** The values by the number of the function's argument. */
  #arguments(node: GraphNode, row: CallRow, name: string, handed: ReadonlyMap<number, Value>): Map<number, Value> {
    const count = this.#find(name, node).inputs.length;
    const offset = argumentOffset(row, handedInputs(node, row), count);
    const mapped = new Map<number, Value>();
    for (const [input, value] of handed) {
      const argument = input + offset;
      if (argument < 0 || argument >= count) {
        throw new PermafrostError(
          'VARIABLE_NOT_FREEZABLE',
          `Variable '${value.variable}' cannot become a constant: input ${input} of node '${node.name}' (${node.op}) is no ` +
            `argument of the function '${name}', which takes ${count}. Put '${value.variable}' on the deny list.`,
        );
      }
      mapped.set(argument, value);
    }
    return mapped;
  }

  #returnsOf(
    node: GraphNode,
    row: CallRow,
    called: readonly CalledFunction[],
    variants: readonly Variant[],
    arrived: ReadonlyMap<number, Value>,
  ): ReadonlyMap<number, Value> {
    const handles = new Map([...arrived].filter(([, { kind }]) => kind === 'handle'));
    if (row.returns === 'gradients') return handles;
    // What a loop's condition returns is no result of the loop.
    const returning = variants.filter((_, index) => called[index]?.attribute !== 'cond');
    const expected = row.returns === 'inputs' ? handles : (returning[0]?.returns ?? new Map<number, Value>());
    for (const { returns, name } of new Set(returning)) {
      const differing = [...expected.keys(), ...returns.keys()].find(
        (port) => expected.has(port) !== returns.has(port),
      );
      if (differing === undefined) continue;
      const value = expected.get(differing) ?? (returns.get(differing) as Value);
      throw new PermafrostError(
        'VARIABLE_NOT_FREEZABLE',
        `Variable '${value.variable}' cannot become a constant: result ${differing} of node '${node.name}' (${node.op}) is ` +
          `sometimes that variable and sometimes one that stays a variable (see the function '${name}'). ` +
          'Freeze both or neither: mend the allow and deny lists.',
      );
    }
    return expected;
  }

  #find(name: string, caller: GraphNode): GraphFunction {
    const found = this.library.byName.get(name);
    if (found) return found;
    const near = nearest(name, this.library.byName.keys());
    throw new PermafrostError(
      'GRAPH_INVALID',
      `Node '${caller.name}' (${caller.op}) calls the function '${name}', and the graph has none of that name.` +
        `${near.length > 0 ? ` The nearest are ${listNames(near)}.` : ''} The graph was cut off from its function library; export it again.`,
    );
  }

  #specialize(name: string, values: ReadonlyMap<number, Value>, caller: GraphNode): Variant {
    const signature = Array.from(
      values,
      ([index, { kind, dtype, shape }]) => `${index}:${kind} ${dtype}[${shape}]`,
    ).sort();
    const key = `${name}(${signature})`;
    const known = this.#made.get(key);
    if (known) return known;
    this.#enter(name, caller);
    const original = this.#find(name, caller);
    this.expanding.addFunction(original.nodes);
    const { variant, returns } = this.#vary(original, values);
    this.#open.pop();
    const made = { name: this.#keep(name, variant), returns };
    this.#made.set(key, made);
    return made;
  }

  #enter(name: string, caller: GraphNode): void {
    const start = this.#open.indexOf(name);
    if (start >= 0) {
      const path = [...this.#open.slice(start), name].map((each) => `'${each}'`).join(' → ');
      throw new PermafrostError(
        'GRAPH_INVALID',
        `The functions of the graph call themselves: ${path} (from node '${caller.name}'). TensorFlow does not run such graphs either.`,
      );
    }
    const { callDepth } = limits();
    if (this.#open.length >= callDepth) {
      throw beyond(
        'callDepth',
        `The functions of the graph call each other more than ${callDepth} deep (at '${name}')`,
      );
    }
    this.#open.push(name);
  }

  /** A variant under the function's own name. */
  #vary(
    original: GraphFunction,
    values: ReadonlyMap<number, Value>,
  ): { variant: GraphFunction; returns: ReadonlyMap<number, Value> } {
    const notation = bodyNotationOf(original.nodes, this.library);
    const { wiring } = original;
    const scope = { wiring, notation, functionName: original.name };
    const flow = new ValueFlow(scope, this, this.settings);
    for (const [index, value] of values) flow.follow(wiring.numberOf(original.inputs[index]?.name ?? ''), value);
    const { nodes, renamed, carried } = flow.finish();
    const returns = new Map<number, Value>();
    original.outputs.forEach(({ name }, index) => {
      const value = carried(original.returns.get(name) ?? '');
      if (value?.kind === 'handle') returns.set(index, value);
    });
    const typed = original.edit({
      nodes,
      inputs: original.inputs.map((each, index) => retypedIf(each, values.get(index))),
      outputs: original.outputs.map((each, index) => retypedIf(each, returns.get(index))),
      returns: new Map(Array.from(original.returns, ([name, tensor]) => [name, renamed(tensor)])),
    });
    return { variant: forgetShapes(typed, values.keys(), this.settings.tfParity), returns };
  }

  /** Names the variant, unless there is one like it. */
  #keep(name: string, variant: GraphFunction): string {
    const content = Buffer.from(variant.encode()).toString('latin1');
    const alike = this.#byContent.get(content);
    if (alike !== undefined) return alike;
    const named = variant.edit({ name: this.#freeName(name) });
    this.#byContent.set(content, named.name);
    const variants = this.variants.get(name);
    if (variants) variants.push(named);
    else this.variants.set(name, [named]);
    return named.name;
  }

  /** As TensorFlow names them: `f_12` becomes `f_frozen_N`. */
  #freeName(name: string): string {
    const base = name.replace(/_\d+$/, '');
    do this.#lastNumber++;
    while (this.library.byName.has(`${base}_frozen_${this.#lastNumber}`));
    return `${base}_frozen_${this.#lastNumber}`;
  }
}

function retypedIf(argument: FunctionArgument, value: Value | undefined): FunctionArgument {
  return value ? retyped(argument, value.dtype) : argument;
}

function namesNoFunction(node: GraphNode): PermafrostError {
  return new PermafrostError(
    'GRAPH_INVALID',
    `Node '${node.name}' (${node.op}) takes a variable for a function that it does not name. ` +
      'The file may be damaged, or was put together by hand.',
  );
}
