/**
 * Puts every node on a device: the nodes of the main graph and those of its functions. What may be where, the targets
 * know; who must be together, the graph says; and the core decides. docs/devices.md tells how.
 */
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { type PlacementResult, placeNodes } from '../native.js';
import type { Body } from './bodies.js';
import { columnsOf, type GraphColumns } from './columns.js';
import { contradictionOf } from './contradiction.js';
import { DeviceList } from './device-list.js';
import { formatDevice, mergeDevices, parseDevice } from './device-spec.js';
import { nativeColumns } from './native-columns.js';
import type { PlaceRules } from './place-rules.js';
import type { Preference } from './preference.js';

export interface Placing {
  readonly preference: Preference;
  readonly rules: PlaceRules | undefined;
}

/** What became of it, for whoever tells. Nodes are numbered as in the columns. */
export interface Placed {
  readonly graph: Graph;
  readonly columns: GraphColumns;
  readonly devices: DeviceList;
  /** By node: the device that a rule names; -1: none does. */
  readonly asked: Int32Array;
  readonly result: PlacementResult;
}

/**
 * @param graph its nodes carry the devices that they had when it was read.
 * @throws PermafrostError DEVICE_UNKNOWN, DEVICE_PLUGIN_UNUSABLE, PLACEMENT_CONTRADICTION; INVALID_ARGUMENT where a rule
 * names what is no device.
 */
export async function placeGraph(graph: Graph, { preference, rules }: Placing): Promise<Placed> {
  const devices = new DeviceList(typeof preference === 'string' ? [] : preference);
  const columns = columnsOf(graph);
  const asked = rules ? askRules(columns, rules, devices) : new Int32Array(columns.kindsOfNodes.length).fill(-1);
  const result = await placeNodes(nativeColumns(columns, devices, asked));
  if (result.contradiction) throw contradictionOf(result.contradiction, columns, devices, asked);
  const deviceOf = (node: GraphNode, number: number): string => {
    const placed = devices.list[result.devices[number] as number]?.text;
    if (preference !== 'keep') return placed ?? '';
    return placed === undefined ? node.device : overlaid(node.device, placed);
  };
  return { graph: withDevices(graph, columns.bodies, deviceOf), columns, devices, asked, result };
}

function askRules({ bodies, kindsOfNodes }: GraphColumns, rules: PlaceRules, devices: DeviceList): Int32Array {
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

/** What a rule says goes before what the node carries, part by part. */
function overlaid(device: string, placed: string): string {
  return formatDevice(mergeDevices(parseDevice(device), parseDevice(placed)));
}

function withDevices(
  graph: Graph,
  [main, ...others]: readonly Body[],
  deviceOf: (node: GraphNode, number: number) => string,
): Graph {
  const placed = ({ nodes, first }: Body): readonly GraphNode[] => {
    const moved = nodes.map((node, position) => {
      const device = deviceOf(node, first + position);
      return device === node.device ? node : node.edit({ device });
    });
    return moved.some((node, position) => node !== nodes[position]) ? moved : nodes;
  };
  const nodes = placed(main as Body);
  const functions = graph.library.functions.map((each, index) => {
    const moved = placed(others[index] as Body);
    return moved === each.nodes ? each : each.edit({ nodes: moved });
  });
  const isMoved = functions.some((each, index) => each !== graph.library.functions[index]);
  const withBodies = isMoved ? graph.withLibrary(graph.library.with(functions)) : graph;
  return nodes === graph.nodes ? withBodies : withBodies.withNodes(nodes);
}
