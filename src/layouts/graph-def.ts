/** One binary GraphDef with all constants inside: the frozen graph that every tool reads. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Graph } from '../graph/graph.js';
import { type Plan, PlanBuilder } from '../plan/plan.js';
import { planBoundedGraph } from './bounded-graph.js';
import type { FrozenModel, LaidOut } from './frozen-model.js';

/** @throws PermafrostError as `planBoundedGraph` */
export async function layOutGraphDef({ graph, checkpoint }: FrozenModel): Promise<LaidOut> {
  return { plan: await layOutGraph(graph, checkpoint), graph };
}

/** @throws PermafrostError as `planBoundedGraph` */
export async function layOutGraph(graph: Graph, checkpoint: Checkpoint): Promise<Plan> {
  const plan = new PlanBuilder();
  plan.append(await planBoundedGraph(graph, checkpoint));
  plan.endFile('');
  return plan.finish();
}
