/**
 * Tables that a model changes are saved with its variables: RestoreV2 reads keys and values, and LookupTableImportV2 puts
 * them into the table. In a frozen graph they are constants, as variables are.
 */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { restoredTensor } from '../checkpoint/restore-ops.js';
import { constantNode } from '../graph/constant-node.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';

const importOps: ReadonlySet<string> = new Set(['LookupTableImport', 'LookupTableImportV2']);

/** Gives the imports constants to read, where the checkpoint has them. */
export function restoreTables(graph: Graph, checkpoint: Checkpoint): Graph {
  const added: GraphNode[] = [];
  const constant = (name: string, input: string | undefined): string | undefined => {
    const from = input === undefined ? undefined : restoredTensor(graph, input);
    const tensor = from?.slice === '' ? checkpoint.get(from.key) : undefined;
    if (!tensor || graph.byName.has(name)) return undefined;
    added.push(constantNode(name, tensor.dtype, tensor));
    return name;
  };
  const nodes = graph.nodes.map((node) => {
    if (!importOps.has(node.op)) return node;
    const [table, keys, values] = node.inputs;
    const inputs = [table, constant(`${node.name}/keys`, keys), constant(`${node.name}/values`, values)];
    return inputs.includes(undefined) ? node : node.edit({ inputs: inputs as string[] });
  });
  return added.length === 0 ? graph : graph.withNodes([...nodes, ...added]);
}
