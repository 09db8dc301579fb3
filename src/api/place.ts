/** Places a graph, where that was asked for; what it loads, no other freeze needs. */
import { Checkpoint } from '../checkpoint/checkpoint.js';
import type { ConstantSettings } from '../devices/constants/place-with-constants.js';
import type { Placing } from '../devices/place-graph.js';
import type { PlacementReport } from '../devices/placement-report.js';
import type { Graph } from '../graph/graph.js';
import { PlanBuilder } from '../plan/plan.js';
import type { FreezeSettings } from './freeze-options.js';
import { places } from './placing-options.js';
import { write } from './write.js';

/**
 * What is known before there is a graph: bad rules and unknown devices are told first of all.
 * @returns undefined: nothing is to be placed.
 * @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED, DEVICE_UNKNOWN
 */
export async function preparePlacing(settings: FreezeSettings): Promise<Placing | undefined> {
  if (!places(settings)) return undefined;
  const { place, placeRules } = settings;
  const [{ DeviceList }, { readPlaceRules }] = await Promise.all([
    import('../devices/device-list.js'),
    import('../devices/place-rules.js'),
  ]);
  const devices = new DeviceList(typeof place === 'string' ? [] : place);
  const rules = placeRules === undefined ? undefined : await readPlaceRules(placeRules);
  return { devices, rules, keeps: place === 'keep' };
}

export interface PlacedGraph {
  readonly graph: Graph;
  readonly placement: PlacementReport;
}

/**
 * @param picture where to draw it to; `sources` are the paths of what was read, none of which it may replace.
 * @throws PermafrostError as `placeGraph`; and WRITE_FAILED
 */
export async function placeAndReport(
  graph: Graph,
  placing: Placing,
  constants: ConstantSettings,
  picture: { readonly dot: string | undefined; readonly sources: readonly string[] },
): Promise<PlacedGraph> {
  const [{ placeWithConstants }, { placementReport }] = await Promise.all([
    import('../devices/constants/place-with-constants.js'),
    import('../devices/placement-report.js'),
  ]);
  const { placed, ...changed } = await placeWithConstants(graph, placing, constants);
  if (picture.dot !== undefined) {
    const { dotOf } = await import('../devices/dot.js');
    await writeText(dotOf(placed), picture.dot, picture.sources);
  }
  return { graph: placed.graph, placement: placementReport(placed, changed) };
}

/** All of it, or nothing. */
async function writeText(parts: Iterable<string>, out: string, sources: readonly string[]): Promise<void> {
  const plan = new PlanBuilder();
  for (const part of parts) plan.literal(Buffer.from(part));
  plan.endFile('');
  const settings = {
    out,
    sources,
    durable: false,
    dryRun: false,
    threads: 1,
    signal: undefined,
    onProgress: undefined,
  };
  await write(plan.finish(), Checkpoint.empty(), settings);
}
