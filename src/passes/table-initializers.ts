/**
 * A lookup table comes into a session empty, and no output leads to what fills it. So that a frozen graph's tables can be
 * used, the ops that fill them are kept with all that they need, to be run once before anything else.
 */
import { addToList } from '../add-to-list.js';
import { bodyNotation } from '../graph/edges.js';
import type { GraphFunction } from '../graph/function.js';
import type { Graph } from '../graph/graph.js';
import { pastIdentities, throughIdentities } from '../graph/identities.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { GraphNode } from '../graph/node.js';
import { upstream } from '../graph/upstream.js';
import { limits } from '../limits.js';
import { calledFunctions, callRowsOf, handedInputs } from './retyping/call-rules.js';

/** Ops whose output is a table. */
const tableOps = /^(Anonymous)?(Mutable)?(Dense)?HashTable(OfTensors)?(V2)?$/;

/** Ops that fill the table which is their first input with what it is to hold from the start. */
export const fillingOps: ReadonlySet<string> = new Set([
  ...['InitializeTable', 'InitializeTableV2', 'InitializeTableFromTextFile', 'InitializeTableFromTextFileV2'],
  ...['InitializeTableFromDataset', 'LookupTableImport', 'LookupTableImportV2'],
]);

/**
 * @param outputs node names.
 * @returns the names of the nodes that fill the tables which the outputs need, in the graph's order.
 */
export function tableInitializers(graph: Graph, outputs: readonly string[]): string[] {
  const tables = new Set(graph.nodes.filter(({ op }) => tableOps.test(op)).map(({ name }) => name));
  if (tables.size === 0) return [];
  const fillers = new Fillers(graph.library);
  const filling = graph.nodes.flatMap((node) => {
    const filled = fillers.filledInputs(node).flatMap((input) => {
      const source = throughIdentities(graph, node.inputs[input] ?? '')?.node.name ?? '';
      return tables.has(source) ? source : [];
    });
    return filled.length > 0 ? { name: node.name, filled } : [];
  });
  const fillersOf = new Map<number, number[]>();
  for (const { name, filled } of filling) {
    for (const table of filled.map((each) => graph.wiring.positionOf(each))) {
      addToList(fillersOf, table, graph.wiring.positionOf(name));
    }
  }
  // What fills one table may look something up in another.
  const needed = upstream(graph, outputs, (position) => fillersOf.get(position) ?? []);
  return filling.flatMap(({ name, filled }) => (filled.some((table) => needed.has(table)) ? name : []));
}

/** Knows which inputs of a node are tables that running it fills, itself or in a function that it calls. */
class Fillers {
  /** By function: the numbers of its arguments. */
  readonly #byFunction = new Map<string, readonly number[]>();

  constructor(private readonly library: FunctionLibrary) {}

  filledInputs(node: GraphNode, depth = 0): readonly number[] {
    if (fillingOps.has(node.op)) return [0];
    return callRowsOf(node, this.library).flatMap((row) => {
      const { start } = handedInputs(node, row);
      return calledFunctions(node, row).flatMap(({ name }) =>
        this.#filledArguments(name, depth + 1).map((argument) => start + argument),
      );
    });
  }

  #filledArguments(name: string, depth: number): readonly number[] {
    // Deeper ones are refused where they are gone through.
    if (depth > limits().callDepth) return [];
    const known = this.#byFunction.get(name);
    if (known) return known;
    // While it is looked into, a function that calls itself fills nothing more by that.
    this.#byFunction.set(name, []);
    const called = this.library.byName.get(name);
    // One that restores a checkpoint fills tables too, from a file that a frozen graph does without.
    if (!called || called.nodes.some(({ op }) => op === 'RestoreV2')) return [];
    const filled = new Set(
      called.nodes.flatMap((node) =>
        this.filledInputs(node, depth).map((input) => argumentOf(called, node.inputs[input])),
      ),
    );
    const numbers = called.inputs.flatMap((argument, index) => (filled.has(argument.name) ? index : []));
    this.#byFunction.set(name, numbers);
    return numbers;
  }
}

/** The argument that an input of a body's node comes from, past any Identity; or the node that it comes from. */
function argumentOf(called: GraphFunction, input: string | undefined): string {
  return (input && pastIdentities(called, input, bodyNotation)?.node) ?? '';
}
