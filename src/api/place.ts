/** Places a graph, where that was asked for; what it loads, no other freeze needs. */
import type { ConstantSettings } from '../devices/constants/place-with-constants.js';
import type { Placing } from '../devices/place-graph.js';
import type { PlacementReport } from '../devices/placement-report.js';
import type { Graph } from '../graph/graph.js';
import type { FreezeSettings } from './options/freeze-settings.js';
import { places } from './options/placing-options.js';
import type { Picture } from './picture.js';

/** What is known of the devices before there is a graph. */
export interface PlacingPlan extends Placing {
  /** Where the rules were said that no node has followed so far. */
  readonly unusedRules: () => readonly string[];
}

/**
 * Bad rules and unknown devices, those of rules too, are told first of all.
 * @returns undefined: nothing is to be placed.
 * @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED, DEVICE_UNKNOWN
 */
export async function preparePlacing(settings: FreezeSettings): Promise<PlacingPlan | undefined> {
  if (!places(settings)) return undefined;
  const { place, placeRules } = settings;
  const [{ DeviceList }, { readPlaceRules }] = await Promise.all([
    import('../devices/device-list.js'),
    import('../devices/rules/place-rules.js'),
  ]);
  const devices = new DeviceList(typeof place === 'string' ? [] : place);
  const read =
    placeRules === undefined ? undefined : await readPlaceRules(placeRules, (device) => devices.numberOf(device));
  return { devices, rules: read?.place, keeps: place === 'keep', unusedRules: read?.unused ?? (() => []) };
}

export interface PlacedGraph {
  readonly graph: Graph;
  readonly placement: PlacementReport;
  readonly picture: Picture | undefined;
}

/**
 * @param drawing where to draw it to; `sources` are the paths of what was read, none of which it may replace.
 * @throws PermafrostError as `placeGraph`
 */
export async function placeAndReport(
  graph: Graph,
  placing: PlacingPlan,
  constants: ConstantSettings,
  { dot, sources }: { readonly dot: string | undefined; readonly sources: readonly string[] },
): Promise<PlacedGraph> {
  const [{ placeWithConstants }, { placementReport }] = await Promise.all([
    import('../devices/constants/place-with-constants.js'),
    import('../devices/placement-report.js'),
  ]);
  const { placed, ...changed } = await placeWithConstants(graph, placing, constants);
  const picture = dot === undefined ? undefined : await (await import('./picture.js')).pictureOf(placed, dot, sources);
  return { graph: placed.graph, placement: placementReport(placed, changed, placing.unusedRules()), picture };
}
