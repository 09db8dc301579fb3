/**
 * Which key each variable is restored from, as the graph's own Saver does it: RestoreV2 reads tensors by name, and
 * Assign or AssignVariableOp puts each into its variable.
 */
import { readAttribute } from '../graph/attributes.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import { throughIdentities } from '../graph/identities.js';
import { upstream } from '../graph/upstream.js';
import { isVariable, variableIdentity } from '../graph/variables.js';

export interface RestoredFrom {
  readonly key: string;
  /** Which part of the stored tensor it is, as RestoreV2 writes it ("6 3 3,3:0,3"); empty: all of it. */
  readonly slice: string;
}

const assignOps: ReadonlySet<string> = new Set(['Assign', 'AssignVariableOp']);

/**
 * @param restoreOp the Saver's `restore_op_name`: only what it runs counts. Undefined: every assignment in the graph.
 * @returns by `variableIdentity`.
 */
export function restoredKeys(graph: Graph, restoreOp: string | undefined): Map<string, RestoredFrom> {
  const keys = new Map<string, RestoredFrom>();
  const run = restoreOp === undefined ? undefined : upstream(graph, [inputNode(restoreOp)]);
  const texts = new ConstantTexts(graph);
  for (const node of graph.nodes) {
    if (!assignOps.has(node.op) || run?.has(node.name) === false) continue;
    const [target, value] = node.inputs;
    if (target === undefined || value === undefined) continue;
    const variable = throughIdentities(graph, target)?.node;
    const from = variable && isVariable(variable) ? restoredFrom(graph, value, texts) : undefined;
    if (variable && from) keys.set(variableIdentity(variable), from);
  }
  return keys;
}

/** Where an input comes from that RestoreV2 gives; undefined where another op does. */
export function restoredTensor(graph: Graph, input: string): RestoredFrom | undefined {
  return restoredFrom(graph, input, new ConstantTexts(graph));
}

function restoredFrom(graph: Graph, input: string, texts: ConstantTexts): RestoredFrom | undefined {
  const source = throughIdentities(graph, input);
  if (source?.node.op !== 'RestoreV2') return undefined;
  const key = texts.element(source.node.inputs[1], source.port);
  if (key === undefined || key === '') return undefined;
  return { key, slice: texts.element(source.node.inputs[2], source.port) ?? '' };
}

/** Constant string vectors, each decoded once: a Saver's list of names has an element for every variable. */
class ConstantTexts {
  readonly #decoded = new Map<string, readonly Uint8Array[]>();

  constructor(private readonly graph: Graph) {}

  element(input: string | undefined, index: number): string | undefined {
    const values = input === undefined ? [] : this.#values(input);
    // TensorFlow drops trailing values that repeat the last one.
    const value = values[Math.min(index, values.length - 1)];
    return value && Buffer.from(value).toString('utf8');
  }

  #values(input: string): readonly Uint8Array[] {
    const node = throughIdentities(this.graph, input)?.node;
    if (node?.op !== 'Const') return [];
    const known = this.#decoded.get(node.name);
    if (known) return known;
    const values = readAttribute(node, 'value')?.tensor?.string_val ?? [];
    this.#decoded.set(node.name, values);
    return values;
  }
}
