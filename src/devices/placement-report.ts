/** What placing came to: who is where, who could not be where it was wanted, and which tensors go from device to device. */
import { crossingMovesMemory, PlacementCause } from '../native-placement.js';
import { type Body, nodeByNumber } from './columns/bodies.js';
import { constantBytes } from './columns/tensor-bytes.js';
import type { CopiedConstant } from './constants/copy-constants.js';
import type { ChangedConstants } from './constants/place-with-constants.js';
import type { StoredConstant, UnmetWish } from './constants/store-constants.js';
import { crosses, type Placed } from './place-graph.js';

export interface PlacementReport {
  /** Those that have nodes, in the order of preference; the last one may be that of nodes without a device. */
  readonly devices: readonly DeviceReport[];
  readonly fallbacks: readonly FallbackReport[];
  readonly crossings: readonly CrossingReport[];
  /** Constants that were written once for each device that reads them; where `deviceConstants` asks for copies. */
  readonly copiedConstants: readonly CopiedConstant[];
  /** Constants that are stored in the types that their devices want; where `deviceConstants` asks for dtypes. */
  readonly storedConstants: readonly StoredConstant[];
  /** Such wishes that were not met, grouped by what was wished, and why not. */
  readonly unmetWishes: readonly UnmetWish[];
  /** Where the rules were said that no node follows: `rules.json:3`, or `placeRules[0]`. */
  readonly unusedRules: readonly string[];
  /** The search for fewer crossings ended before it was through, after as many steps as it may take. */
  readonly isCutShort: boolean;
}

export interface DeviceReport {
  /** As nodes carry it; empty: left open. */
  readonly device: string;
  readonly nodes: number;
  readonly constants: number;
  /** Of the constants' values; strings count as nothing. */
  readonly bytes: number;
}

/** Nodes of one op that are elsewhere than wanted, for one reason. */
export interface FallbackReport {
  readonly op: string;
  /** What a rule named, or what was preferred. */
  readonly wanted: string;
  /** Empty: left open. */
  readonly device: string;
  readonly reason: string;
  /** The function that they are in; undefined: the main graph. */
  readonly function: string | undefined;
  readonly nodes: readonly string[];
}

/** A tensor that is needed on another device than the one it comes from. It goes there once, or once to each memory, however many read it. */
export interface CrossingReport {
  /** `name:output`. */
  readonly tensor: string;
  readonly function: string | undefined;
  readonly from: string;
  readonly to: string;
  readonly readers: readonly string[];
  /** At least; 0 where the graph does not say. */
  readonly bytes: number;
  /** Whether it moves between the memory of a device and the host's; otherwise it only changes hands. */
  readonly movesMemory: boolean;
}

export function placementReport(
  placed: Placed,
  constants: ChangedConstants,
  unusedRules: readonly string[],
): PlacementReport {
  return {
    devices: devicesOf(placed),
    fallbacks: fallbacksOf(placed),
    crossings: crossingsOf(placed),
    copiedConstants: constants.copied,
    storedConstants: constants.stored,
    unmetWishes: constants.unmet,
    unusedRules,
    isCutShort: placed.result.isCutShort,
  };
}

type Count = { -readonly [Key in Exclude<keyof DeviceReport, 'device'>]: number };

function devicesOf({ columns: { bodies }, devices, placed }: Placed): DeviceReport[] {
  const counts = new Map<string, Count>();
  const countOf = (device: string): Count => {
    const known = counts.get(device);
    if (known) return known;
    const count = { nodes: 0, constants: 0, bytes: 0 };
    counts.set(device, count);
    return count;
  };
  for (const device of devices.names()) countOf(device);
  for (const { nodes, first } of bodies) {
    nodes.forEach((node, position) => {
      const count = countOf(placed[first + position] as string);
      count.nodes++;
      if (node.op !== 'Const') return;
      count.constants++;
      count.bytes += constantBytes(node);
    });
  }
  return Array.from(counts, ([device, count]) => ({ device, ...count })).filter(({ nodes }) => nodes > 0);
}

function fallbacksOf({ columns, devices, asked, result, placed }: Placed): FallbackReport[] {
  const groups = new Map<string, FallbackReport & { readonly nodes: string[] }>();
  for (const body of columns.bodies) {
    body.nodes.forEach((node, position) => {
      const number = body.first + position;
      if (result.causes[number] === PlacementCause.asAsked) return;
      const wanted = devices.nameOf(asked[number] === -1 ? devices.preferred : (asked[number] as number));
      if (wanted === '') return;
      const { op, name } = node;
      const device = placed[number] as string;
      const reason = reasonOf(number, columns.bodies, result);
      const key = [op, wanted, device, body.first, reason].join('\0');
      const group = groups.get(key) ?? { op, wanted, device, reason, function: body.function, nodes: [] };
      groups.set(key, group);
      group.nodes.push(name);
    });
  }
  return [...groups.values()];
}

function reasonOf(number: number, bodies: readonly Body[], result: Placed['result']): string {
  if (result.causes[number] === PlacementCause.joined) return 'joins its neighbours, to save crossings';
  const sentence = result.reasons[result.reasonsOfNodes[number] as number] ?? '';
  const culprit = result.culprits[number] as number;
  if (result.causes[number] !== PlacementCause.bond || culprit < 0) return sentence;
  return `stays with '${nodeByNumber(bodies, culprit).node.name}'${sentence === '' ? '' : ` (${sentence})`}`;
}

function crossingsOf(graph: Placed): CrossingReport[] {
  const { bodies, edges } = graph.columns;
  const crossings = new Map<string, CrossingReport & { readonly readers: string[] }>();
  let at = 0;
  for (const { nodes, first, function: name } of bodies) {
    const end = first + nodes.length;
    for (; at < edges.consumers.length && (edges.consumers[at] as number) < end; at++) {
      const [producer, consumer, output] = [edges.producers[at], edges.consumers[at], edges.outputs[at]] as [
        number,
        number,
        number,
      ];
      if (!crosses(graph, producer, consumer)) continue;
      const [from, to] = [graph.placed[producer], graph.placed[consumer]] as [string, string];
      const movesMemory = ((graph.result.crossings[at] as number) & crossingMovesMemory) !== 0;
      const tensor = `${nodes[producer - first]?.name}:${output}`;
      const key = [tensor, first, to, movesMemory].join('\0');
      const bytes = edges.bytes[at] as number;
      const crossing = crossings.get(key) ?? {
        tensor,
        function: name,
        from,
        to,
        readers: [],
        bytes,
        movesMemory,
      };
      crossings.set(key, crossing);
      crossing.readers.push(nodes[consumer - first]?.name ?? '');
    }
  }
  return [...crossings.values()];
}
