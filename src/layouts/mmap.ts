/**
 * A folder with a small GraphDef and one file of raw elements for each large constant. TensorFlow maps the files where the
 * graph runs, by the paths that stand in the graph.
 */
import { join } from 'node:path';
import { PlanBuilder } from '../plan/plan.js';
import { planBoundedGraph } from './bounded-graph.js';
import type { FrozenModel, LaidOut } from './frozen-model.js';
import { mapConstants, requireElements, whatIsLeft } from './mapped/map-constants.js';
import { mmapGraph, mmapWeights } from './mapped/mmap-folder.js';
import { regionNames, sanitised } from './mapped/region-names.js';

/**
 * The fewest bytes of a constant that gets a file. Every run opens, maps and closes each file, which takes about as
 * long as a kernel does to read so much; and the 2 GiB that the graph may have are thirty thousand smaller ones.
 */
const threshold = 65_536;

/** Of a file's name, before its ending; folders take 255 bytes. The end of a node's name says most. */
const longestName = 200;

/** @throws PermafrostError as `planBoundedGraph` */
export async function layOutMmap({ graph, checkpoint, outputs, target, weightsRoot }: FrozenModel): Promise<LaidOut> {
  const nameOf = regionNames({
    wanted: (node) => sanitised(node).slice(-longestName),
    again: (wanted, count) => `${wanted}_${count}`,
    // Not all folders tell upper from lower case.
    identity: (name) => name.toLowerCase(),
  });
  const { graph: mapped, constants } = mapConstants(graph, {
    outputs,
    threshold,
    prefix: `${join(weightsRoot ?? target, mmapWeights)}/`,
    nameOf: (node) => `${nameOf(node)}.bin`,
  });
  await requireElements(constants, checkpoint);
  const plan = new PlanBuilder();
  plan.append(await planBoundedGraph(mapped, checkpoint, whatIsLeft));
  plan.endFile(mmapGraph);
  for (const { name, ...content } of constants) {
    plan.append(content);
    plan.endFile(`${mmapWeights}/${name}`);
  }
  return { plan: plan.finish(), graph: mapped };
}
