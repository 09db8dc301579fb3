/**
 * Which key each variable is restored from, as the graph's own Saver does it: RestoreV2 reads tensors by name, and
 * Assign or AssignVariableOp puts each into its variable. TensorFlow 2 does that in a function that the variables are
 * handed to.
 */
import { readAttribute } from '../graph/attributes.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { upstream } from '../graph/upstream.js';
import { isVariable, variableIdentity } from '../graph/variables.js';
import { Expanding } from '../graph/weight.js';
import { asBuffer } from '../proto/as-buffer.js';
import { mainScope, origin, type Scope, type Source, scopesOf } from './scopes.js';

export interface RestoredFrom {
  readonly key: string;
  /** Which part of the stored tensor it is, as RestoreV2 writes it ("6 3 3,3:0,3"); empty: all of it. */
  readonly slice: string;
}

const assignOps: ReadonlySet<string> = new Set(['Assign', 'AssignVariableOp']);

/**
 * @param restoreOp the Saver's `restore_op_name`: only what it runs counts. Undefined: every assignment in the graph.
 * @returns by `variableIdentity`. A variable that is restored from several keys is not among them.
 * @throws PermafrostError LIMIT_EXCEEDED where calls of functions come to too many assignments.
 */
export function restoredKeys(graph: Graph, restoreOp: string | undefined): Map<string, RestoredFrom> {
  const keys = new Map<string, RestoredFrom>();
  const ambiguous = new Set<string>();
  const run = restoreOp === undefined ? undefined : upstream(graph, [inputNode(restoreOp)]);
  const texts = new ConstantTexts();
  const expanding = new Expanding(graph, 'as what calls of them assign');
  /** Of a function, which many may call. */
  const assignments = new Map<readonly GraphNode[], readonly GraphNode[]>();
  for (const scope of scopesOf(graph, run, assignOps)) {
    const isMain = scope.wiring === graph.wiring;
    const assigns = assignments.get(scope.nodes) ?? scope.nodes.filter(({ op }) => assignOps.has(op));
    assignments.set(scope.nodes, assigns);
    if (!isMain) expanding.add(assigns);
    for (const node of assigns) {
      if (isMain && run?.has(node.name) === false) continue;
      const found = restored(scope, node, texts);
      if (!found) continue;
      const [variable, from] = found;
      const other = keys.get(variable);
      if (other && (other.key !== from.key || other.slice !== from.slice)) ambiguous.add(variable);
      keys.set(variable, from);
    }
  }
  for (const variable of ambiguous) keys.delete(variable);
  return keys;
}

/** Where an input of the main graph comes from that RestoreV2 gives; undefined where another op does. */
export function restoredTensor(graph: Graph, input: string): RestoredFrom | undefined {
  return restoredFrom({ scope: mainScope(graph), input }, new ConstantTexts());
}

/** What an assignment restores. */
function restored(scope: Scope, assign: GraphNode, texts: ConstantTexts): [string, RestoredFrom] | undefined {
  const [target, value] = assign.inputs;
  if (target === undefined || value === undefined) return undefined;
  const from = restoredFrom({ scope, input: value }, texts);
  const variable = from && origin({ scope, input: target })?.node;
  return variable && isVariable(variable) ? [variableIdentity(variable), from] : undefined;
}

function restoredFrom(value: Source, texts: ConstantTexts): RestoredFrom | undefined {
  const source = origin(value);
  if (source?.node.op !== 'RestoreV2') return undefined;
  const [, names, slices] = source.node.inputs;
  const key = texts.element(source.scope, names, source.port);
  if (key === undefined || key === '') return undefined;
  return { key, slice: texts.element(source.scope, slices, source.port) ?? '' };
}

/** Constant string vectors, each decoded once: a Saver's list of names has an element for every variable, or one for all. */
class ConstantTexts {
  readonly #decoded = new Map<GraphNode, readonly Uint8Array[]>();
  readonly #texts = new Map<Uint8Array, string>();

  element(scope: Scope, input: string | undefined, index: number): string | undefined {
    const values = input === undefined ? [] : this.#values(scope, input);
    // TensorFlow drops trailing values that repeat the last one.
    const value = values[Math.min(index, values.length - 1)];
    return value && this.#text(value);
  }

  #text(value: Uint8Array): string {
    const known = this.#texts.get(value) ?? asBuffer(value).toString('utf8');
    this.#texts.set(value, known);
    return known;
  }

  #values(scope: Scope, input: string): readonly Uint8Array[] {
    const node = origin({ scope, input })?.node;
    if (node?.op !== 'Const') return [];
    const known = this.#decoded.get(node);
    if (known) return known;
    const values = readAttribute(node, 'value')?.tensor?.string_val ?? [];
    this.#decoded.set(node, values);
    return values;
  }
}
