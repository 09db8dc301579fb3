/** What keeps a graph from running on a target, found out before anybody tries. */
import { DeviceList } from '../../devices/device-list.js';
import { isPermafrostError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import type { FindingList } from '../finding.js';
import { checkAscend } from './ascend.js';
import { checkFunctionFile } from './check-function-file.js';
import { checkKernels } from './check-kernels.js';
import { targetFindings } from './target-findings.js';

export interface TargetSettings {
  readonly target: string;
  /** The folder that the graph's file is in. */
  readonly folder: string;
}

/**
 * Finds nothing where the bytes of a node cannot be decoded, which other checks tell.
 * @throws PermafrostError DEVICE_UNKNOWN, DEVICE_PLUGIN_UNUSABLE
 */
export async function findTargetDefects(
  graph: Graph,
  { target, folder }: TargetSettings,
  list: FindingList,
): Promise<void> {
  const devices = new DeviceList([{ target, index: 0 }]);
  try {
    const findingsOf = targetFindings(graph, list);
    await checkKernels(graph, devices, findingsOf);
    if (target !== 'npu') return;
    checkAscend(graph, findingsOf);
    await checkFunctionFile(graph, folder, findingsOf(undefined));
  } catch (error) {
    if (!isPermafrostError(error) || error.code !== 'GRAPH_MALFORMED') throw error;
  }
}
