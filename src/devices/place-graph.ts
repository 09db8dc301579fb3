/**
 * Puts every node on a device: the nodes of the main graph and those of its functions. What may be where, the targets
 * know; who must be together, the graph says; and the core decides. docs/devices.md tells how.
 */
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { placeNodes } from '../native.js';
import type { NativePlacement } from '../native-placement.js';
import type { Body } from './columns/bodies.js';
import { columnsOf, type GraphColumns } from './columns/graph-columns.js';
import { nativeColumns } from './columns/native-columns.js';
import { contradictionOf } from './contradiction.js';
import type { DeviceList } from './device-list.js';
import { formatDevice, mergeDevices, parseDevice } from './device-spec.js';
import type { PlaceNode } from './rules/place-rule.js';

export interface Placing {
  /** Those that are preferred; those of rules are added. */
  readonly devices: DeviceList;
  readonly rules: PlaceNode | undefined;
  /** Nodes keep the device that they have, but for what rules say. */
  readonly keeps: boolean;
}

/** What became of it, for whoever tells. Nodes are numbered as in the columns. */
export interface Placed {
  readonly graph: Graph;
  readonly columns: GraphColumns;
  readonly devices: DeviceList;
  /** By node: the device that a rule names; -1: none does. */
  readonly asked: Int32Array;
  readonly result: NativePlacement;
  /** By node: the device that it carries now; empty: none. */
  readonly placed: readonly string[];
}

/**
 * Whether a tensor from one node to another goes from device to device. Of nodes that are left open, or that keep what
 * they carry, nobody knows.
 */
export function crosses({ result: { devices } }: Placed, producer: number, consumer: number): boolean {
  const [from, to] = [devices[producer], devices[consumer]] as [number, number];
  return from >= 0 && to >= 0 && from !== to;
}

/**
 * @param graph its nodes carry the devices that they had when it was read.
 * @throws PermafrostError DEVICE_UNKNOWN, DEVICE_PLUGIN_UNUSABLE, PLACEMENT_CONTRADICTION; INVALID_ARGUMENT where a rule
 * names what is no device.
 */
export async function placeGraph(graph: Graph, { devices, rules, keeps }: Placing): Promise<Placed> {
  const columns = columnsOf(graph);
  const asked = rules ? askRules(columns, rules, devices) : new Int32Array(columns.kindsOfNodes.length).fill(-1);
  const result = await placeNodes(nativeColumns(columns, devices, asked));
  if (result.contradiction) throw contradictionOf(result.contradiction, columns, devices, asked);
  const found = Array.from(result.devices, (device) => devices.nameOf(device));
  const placed = keeps ? overlaidAll(columns.bodies, found) : found;
  return { graph: withDevices(graph, columns.bodies, placed), columns, devices, asked, result, placed };
}

function askRules({ bodies, kindsOfNodes }: GraphColumns, rules: PlaceNode, devices: DeviceList): Int32Array {
  const asked = new Int32Array(kindsOfNodes.length).fill(-1);
  for (const { nodes, first, function: body } of bodies) {
    nodes.forEach((node, position) => {
      const wanted = rules({
        name: node.name,
        op: node.op,
        device: node.device,
        function: body,
        get inputs() {
          return node.inputs;
        },
      });
      if (wanted !== undefined) asked[first + position] = devices.numberOf(wanted);
    });
  }
  return asked;
}

/** What a rule says goes before what the node carries, part by part. @param found by node; empty: what it carries stays. */
function overlaidAll(bodies: readonly Body[], found: readonly string[]): string[] {
  // There are many nodes and few devices.
  const known = new Map<string, string>();
  const overlaid = (device: string, over: string): string => {
    const key = `${device}\0${over}`;
    const text = known.get(key) ?? formatDevice(mergeDevices(parseDevice(device), parseDevice(over)));
    known.set(key, text);
    return text;
  };
  return bodies.flatMap(({ nodes, first }) =>
    nodes.map(({ device }, position) => {
      const over = found[first + position] as string;
      return over === '' ? device : overlaid(device, over);
    }),
  );
}

/** @param placed by node, the nodes of all bodies back to back. */
function withDevices(graph: Graph, [, ...others]: readonly Body[], placed: readonly string[]): Graph {
  const moved = (nodes: readonly GraphNode[], first: number): GraphNode[] =>
    nodes.map((node, position) => {
      const device = placed[first + position] as string;
      return device === node.device ? node : node.edit({ device });
    });
  const library = graph.library.map((each, index) => each.withNodes(moved(each.nodes, (others[index] as Body).first)));
  return graph.withLibrary(library).withNodes(moved(graph.nodes, 0));
}
