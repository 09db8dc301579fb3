/** What a freeze has to tell when it is done. */
import { sourceName } from '../io/source.js';
import type { ChosenOutputs } from './choose-outputs.js';
import { describeAssets, describeSignature } from './describe-model.js';
import { describeVariables } from './describe-variables.js';
import type { Frozen, Planned, Sources } from './freeze-steps.js';
import type { FreezeSettings } from './options/freeze-settings.js';
import type { FreezeReport } from './report.js';

/** @param overflows as `write` returns them. */
export async function describeFreeze(
  { file, checkpoint }: Sources,
  { outputs }: ChosenOutputs,
  { rewritten, placement, signature }: Frozen,
  { plan, graph, beside, files }: Planned,
  settings: FreezeSettings,
  overflows: Float64Array | undefined,
): Promise<Omit<FreezeReport, 'milliseconds'>> {
  const { frozen, weights, tables, told } = rewritten;
  return {
    graph: sourceName(settings.graph),
    graphKind: file.kind,
    checkpoint: checkpoint.path || undefined,
    outputs,
    signature: signature && describeSignature(signature, graph),
    assets: await describeAssets(file, graph),
    out: settings.dryRun ? undefined : settings.out,
    layout: settings.layout,
    files,
    bytes: plan.size + (beside?.bytes.length ?? 0),
    nodesBefore: file.graph.nodes.length,
    nodesAfter: graph.nodes.length,
    variables: describeVariables(frozen, weights, plan, overflows),
    tableInitializers: tables,
    ...told,
    placement,
  };
}
