/** Which nodes a target has no kernel for. */
import { type GraphColumns, nodeColumns } from '../../devices/columns/graph-columns.js';
import { nativeColumns } from '../../devices/columns/native-columns.js';
import type { DeviceList } from '../../devices/device-list.js';
import type { Graph } from '../../graph/graph.js';
import { opSignature } from '../../graph/op-signature.js';
import { placeNodes } from '../../native.js';
import type { FindingsOf } from './target-findings.js';

/** Nodes of one op in one body that are refused for one reason. */
interface Refused {
  readonly body: string | undefined;
  readonly op: string;
  readonly reason: string;
  readonly nodes: string[];
}

/** @throws PermafrostError DEVICE_PLUGIN_UNUSABLE; GRAPH_MALFORMED where an attribute is none. */
export async function checkKernels(graph: Graph, devices: DeviceList, findingsOf: FindingsOf): Promise<void> {
  const columns = nodesAlone(graph);
  const asked = new Int32Array(columns.kindsOfNodes.length).fill(-1);
  const result = await placeNodes(nativeColumns(columns, devices, asked));
  if (result.contradiction) return;
  const refused = new Map<string, Refused>();
  for (const { nodes, first, function: body } of columns.bodies) {
    nodes.forEach(({ name, op }, position) => {
      // What nobody knows is left open: custom ops, and functions called by their names.
      if (result.devices[first + position] === devices.preferred || graph.library.byName.has(op)) return;
      const isKnown = opSignature(op) !== undefined;
      const reason = isKnown ? (result.reasons[result.reasonsOfNodes[first + position] as number] ?? '') : unknownOp;
      const key = JSON.stringify([body ?? null, op, reason]);
      const known = refused.get(key) ?? { body, op, reason, nodes: [] };
      known.nodes.push(name);
      refused.set(key, known);
    });
  }
  const target = devices.list[devices.preferred]?.target ?? '';
  for (const { body, op, reason, nodes } of refused.values()) {
    const more = nodes.length > 1 ? ` (so of ${nodes.length} nodes)` : '';
    if (reason === unknownOp) {
      const message = `nobody says whether ${target} has a kernel for ${op}, which is no op of TensorFlow 2.21${more}`;
      findingsOf(body).warning('TARGET_OP_UNKNOWN', nodes[0], message);
    } else findingsOf(body).error('TARGET_KERNEL', nodes[0], `${op} cannot be on ${target}: ${reason}${more}`);
  }
}

const unknownOp = 'unknown';

/** The nodes without what binds them: each is asked about for itself. */
function nodesAlone(graph: Graph): GraphColumns {
  const none = new Int32Array(0);
  const edges = { producers: none, outputs: none, consumers: none, inputs: none, bytes: new Float64Array(0) };
  return { ...nodeColumns(graph), edges, bonds: { firsts: none, seconds: none } };
}
