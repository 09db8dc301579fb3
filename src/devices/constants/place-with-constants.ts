/** Places a graph, changes its constants as the devices want them, and places it again: what was added has its place too. */
import type { Graph } from '../../graph/graph.js';
import { storeWeights } from '../../passes/store-weights.js';
import { type Placed, type Placing, placeGraph } from '../place-graph.js';
import type { PlaceNode } from '../rules/place-rule.js';
import type { ConstantChange } from './constant-changes.js';
import { type CopiedConstant, copyConstants } from './copy-constants.js';
import { type StoredConstant, type UnmetWish, wantedTypes } from './store-constants.js';

/** What became of constants. */
export interface ChangedConstants {
  readonly copied: readonly CopiedConstant[];
  readonly stored: readonly StoredConstant[];
  readonly unmet: readonly UnmetWish[];
}

export interface ConstantSettings {
  readonly changes: ReadonlySet<ConstantChange>;
  /** Names of nodes that stay in the graph whether anything reads them or not. */
  readonly outputs: readonly string[];
}

interface Placement {
  /** As it was placed: nodes carry the devices that they had before. */
  readonly graph: Graph;
  readonly placing: Placing;
  readonly placed: Placed;
}

/** @throws PermafrostError as `placeGraph` */
export async function placeWithConstants(
  graph: Graph,
  placing: Placing,
  { changes, outputs }: ConstantSettings,
): Promise<{ placed: Placed } & ChangedConstants> {
  let placement: Placement = { graph, placing, placed: await placeGraph(graph, placing) };
  let copied: readonly CopiedConstant[] = [];
  let stored: readonly StoredConstant[] = [];
  let unmet: readonly UnmetWish[] = [];
  // A copy may be where another type is wanted; a Cast that restores one cannot be copied.
  if (changes.has('copies')) ({ placement, copied } = await withCopies(placement, outputs));
  if (changes.has('dtypes')) ({ placement, stored, unmet } = await withTypes(placement));
  return { placed: placement.placed, copied, stored, unmet };
}

async function withCopies(
  before: Placement,
  outputs: readonly string[],
): Promise<{ placement: Placement; copied: readonly CopiedConstant[] }> {
  const refused = new Set<string>();
  const keyOf = (constant: string, body: string | undefined, device: string): string =>
    [constant, body ?? '', device].join('\0');
  for (;;) {
    const { graph, copies } = copyConstants(
      before.graph,
      before.placed,
      outputs,
      (...each) => !refused.has(keyOf(...each)),
    );
    if (copies.length === 0) return { placement: before, copied: [] };
    const asks = copies.map((each): Ask => ({ node: each.copy, function: each.function, device: each.device }));
    const placement = await placeAgain(graph, before.placing, asks);
    const isThere = deviceLookup(placement.placed);
    // A target may have no kernel for constants of a type: then a copy would go elsewhere, and save nothing.
    const lost = copies.filter((each) => !isThere({ node: each.copy, function: each.function, device: each.device }));
    if (lost.length === 0) return { placement, copied: copies };
    for (const each of lost) refused.add(keyOf(each.constant, each.function, each.device));
  }
}

async function withTypes(
  before: Placement,
): Promise<{ placement: Placement; stored: readonly StoredConstant[]; unmet: readonly UnmetWish[] }> {
  const refused = new Set<string>();
  for (;;) {
    const { weights, stored, unmet } = wantedTypes(before.placed, (constant) => refused.has(constant));
    if (stored.length === 0) return { placement: before, stored, unmet };
    const graph = storeWeights(before.graph, weights);
    const asksOf = ({ constant, device }: StoredConstant): Ask[] =>
      [constant, ...(graph.byName.get(constant)?.inputs ?? [])].map((node) => ({ node, function: undefined, device }));
    const placement = await placeAgain(graph, before.placing, stored.flatMap(asksOf));
    const isThere = deviceLookup(placement.placed);
    const lost = stored.filter((each) => !asksOf(each).every(isThere));
    if (lost.length === 0) return { placement, stored, unmet };
    for (const { constant } of lost) refused.add(constant);
  }
}

/** A node that must be on a device. */
interface Ask {
  readonly node: string;
  readonly function: string | undefined;
  readonly device: string;
}

/** Asks go before rules. */
async function placeAgain(graph: Graph, { devices, rules, keeps }: Placing, asks: readonly Ask[]): Promise<Placement> {
  const byNode = new Map(asks.map((ask) => [keyOfNode(ask.function, ask.node), ask.device]));
  const asking: PlaceNode = (node) => byNode.get(keyOfNode(node.function, node.name)) ?? rules?.(node);
  const placing = { devices, rules: asking, keeps };
  return { graph, placing, placed: await placeGraph(graph, placing) };
}

function deviceLookup({ columns, placed }: Placed): (ask: Ask) => boolean {
  const devices = new Map<string, string | undefined>();
  for (const { nodes, first, function: body } of columns.bodies) {
    for (const [position, { name }] of nodes.entries()) devices.set(keyOfNode(body, name), placed[first + position]);
  }
  return (ask) => devices.get(keyOfNode(ask.function, ask.node)) === ask.device;
}

function keyOfNode(body: string | undefined, name: string): string {
  return `${body ?? ''}\0${name}`;
}
