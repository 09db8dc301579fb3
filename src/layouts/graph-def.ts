/** One binary GraphDef with all constants inside: the frozen graph that every tool reads. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Graph } from '../graph/graph.js';
import { type Plan, PlanBuilder } from '../plan/plan.js';
import { planBoundedGraph } from './bounded-graph.js';
import type { BesideFile, FrozenModel, LaidOut } from './frozen-model.js';

/** @throws PermafrostError as `planBoundedGraph` and, where functions are placed on an NPU, `functionLibraryText` */
export async function layOutGraphDef({ graph, checkpoint, targets }: FrozenModel): Promise<LaidOut> {
  const beside = targets.has('npu') && graph.library.functions.length > 0 ? await functionLibrary(graph) : undefined;
  return { plan: await layOutGraph(graph, checkpoint), graph, beside };
}

/** Ascend's compiler looks for it in the folder of the graph. */
async function functionLibrary(graph: Graph): Promise<BesideFile> {
  const [{ functionLibraryText }, { libraryFileName }] = await Promise.all([
    import('../devices/ascend/function-library.js'),
    import('../devices/ascend/library-type.js'),
  ]);
  return { name: libraryFileName, bytes: Buffer.from(await functionLibraryText(graph)) };
}

/** @throws PermafrostError as `planBoundedGraph` */
export async function layOutGraph(graph: Graph, checkpoint: Checkpoint): Promise<Plan> {
  const plan = new PlanBuilder();
  plan.append(await planBoundedGraph(graph, checkpoint));
  plan.endFile('');
  return plan.finish();
}
