/** Rewrites that not every freeze needs: they are loaded when somebody asks, with the large table of ops that they go by. */
import type { Graph } from '../graph/graph.js';
import { validateGraph } from '../graph/validate.js';
import { rewrites } from '../inference/inference-settings.js';
import type { Inference } from '../inference/to-inference.js';
import type { Optimized, StoredValues, Wanted } from '../optimize/optimize.js';
import { clearDevices } from '../passes/clear-devices.js';
import { strictCalls } from '../passes/strict-calls.js';
import type { FreezeSettings } from './options/freeze-settings.js';
import { places } from './options/placing-options.js';

export interface RewriteSettings extends FreezeSettings {
  readonly mayGoOn: (() => void) | undefined;
}

export async function forInference(graph: Graph, settings: RewriteSettings): Promise<Inference> {
  const { outputs, inferring } = settings;
  if (!rewrites(inferring)) return { graph, inputs: [], bound: [], changes: [], values: new Map() };
  // Functions that call each other may become many more of them.
  if (graph.library.functions.length > 0) settings.mayGoOn?.();
  const { toInference } = await import('../inference/to-inference.js');
  const inference = toInference(graph, outputs, inferring);
  validateGraph(inference.graph, 'The inference graph');
  return inference;
}

export async function inlined(graph: Graph, settings: RewriteSettings): Promise<Graph> {
  settings.mayGoOn?.();
  const { inlineFunctions } = await import('../inline/inline-functions.js');
  const flat = inlineFunctions(graph, settings.mayGoOn);
  return clearsDevices(settings) ? clearDevices(flat) : flat;
}

/** The flat graph in which writes in functions are ordered with everything else. */
export async function orderedGraph(graph: Graph, settings: RewriteSettings): Promise<Graph> {
  const { forgetHandles } = await import('../inline/forget-handles.js');
  return forgetHandles(await inlined(strictCalls(graph), settings));
}

export async function optimizedGraph(
  graph: Graph,
  wanted: Wanted,
  stored: StoredValues,
  settings: RewriteSettings,
): Promise<Optimized> {
  if (!settings.optimize) return { graph, reports: [] };
  settings.mayGoOn?.();
  const { optimize } = await import('../optimize/optimize.js');
  return optimize(graph, wanted, { ...stored, threads: settings.threads });
}

/** What is placed later keeps its devices until then: rules may look at them. */
export function clearsDevices(settings: RewriteSettings): boolean {
  return settings.place === 'clear' && !places(settings);
}
