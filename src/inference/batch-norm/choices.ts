/** What a Merge or a selection chooses from. */
import { dataInputs } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { Remembered } from '../remembered.js';
import { selections } from './blends.js';
import { tensorOf, variableBehind, variableKey } from './flow.js';

export interface Choices {
  readonly count: number;
  /** How many are the value of each variable, by its key, or of none. */
  readonly counts: ReadonlyMap<string | undefined, number>;
  /** The different ones among these, in their order. */
  readonly tensors: ReadonlyMap<string | undefined, ReadonlySet<string>>;
}

const known = new Remembered<Choices>();

export function isChoice({ op }: GraphNode): boolean {
  return op === 'Merge' || selections.has(op);
}

/** Thousands may ask about a node of thousands of inputs. */
export function choicesOf(graph: Graph, node: GraphNode): Choices {
  return known.of(graph, node.name, () => sorted(graph, node));
}

export interface Others {
  readonly count: number;
  readonly first: string | undefined;
}

/** Those that are something else than the value of a variable. */
export function othersThan({ count, counts, tensors }: Choices, key: string): Others {
  const others = count - (counts.get(key) ?? 0);
  for (const [each, [first]] of tensors) if (each !== key) return { count: others, first };
  return { count: others, first: undefined };
}

function sorted(graph: Graph, node: GraphNode): Choices {
  const inputs = node.op === 'Merge' ? dataInputs(node) : dataInputs(node).slice(1);
  const counts = new Map<string | undefined, number>();
  const tensors = new Map<string | undefined, Set<string>>();
  for (const input of inputs) {
    const variable = variableBehind(graph, input);
    const key = variable && variableKey(variable);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    tensors.set(key, (tensors.get(key) ?? new Set()).add(tensorOf(input)));
  }
  return { count: inputs.length, counts, tensors };
}
