/**
 * Which key each variable is restored from, as the graph's own Saver does it: RestoreV2 reads tensors by name, and
 * Assign or AssignVariableOp puts each into its variable.
 */
import { readAttribute } from '../graph/attributes.js';
import { inputNode, parseInput } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
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
  for (const node of graph.nodes) {
    if (!assignOps.has(node.op) || run?.has(node.name) === false) continue;
    const [target, value] = node.inputs;
    if (target === undefined || value === undefined) continue;
    const variable = throughIdentities(graph, target)?.node;
    const source = throughIdentities(graph, value);
    if (!variable || !isVariable(variable) || source?.node.op !== 'RestoreV2') continue;
    const key = constantText(graph, source.node.inputs[1], source.port);
    if (key)
      keys.set(variableIdentity(variable), {
        key,
        slice: constantText(graph, source.node.inputs[2], source.port) ?? '',
      });
  }
  return keys;
}

function throughIdentities(graph: Graph, input: string): { node: GraphNode; port: number } | undefined {
  let { node: name, port } = parseInput(input);
  // An Identity chain cannot be longer than the graph, whatever a damaged file says.
  for (let steps = 0; steps <= graph.nodes.length; steps++) {
    const node = graph.byName.get(name);
    if (!node) return undefined;
    const [next] = node.inputs;
    if ((node.op !== 'Identity' && node.op !== 'RefIdentity') || next === undefined) return { node, port };
    ({ node: name, port } = parseInput(next));
  }
  return undefined;
}

/** Element `index` of a constant string vector. */
function constantText(graph: Graph, input: string | undefined, index: number): string | undefined {
  const node = input === undefined ? undefined : throughIdentities(graph, input)?.node;
  const values = node?.op === 'Const' ? readAttribute(node, 'value')?.tensor?.string_val : undefined;
  // TensorFlow drops trailing values that repeat the last one.
  const value = values?.[Math.min(index, values.length - 1)];
  return value && Buffer.from(value).toString('utf8');
}
