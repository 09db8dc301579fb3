/** The values that variables are frozen with: what is bound or assigned goes before what is stored. */
import { averagesOf, takeAverages } from '../checkpoint/averages.js';
import { type Binding, bindVariables } from '../checkpoint/bind-variables.js';
import type { Tensor } from '../evaluate/tensor.js';
import type { GraphNode } from '../graph/node.js';
import { rewrites } from '../inference/inference-settings.js';
import { evaluateInitializers, type FrozenValue, valuesOf } from '../passes/evaluate-initializers.js';
import type { FreezeReport } from './report.js';
import type { RewriteSettings } from './rewrite-on-demand.js';

type Averages = Pick<FreezeReport, 'withoutAverage' | 'unusedAverages'>;

/**
 * @param given values that callers bind, by the names of variables.
 * @throws PermafrostError as `evaluateInitializers`, `bindVariables` and `takeAverages`.
 */
export async function variableValues(
  variables: readonly GraphNode[],
  given: ReadonlyMap<string, Tensor>,
  binding: Binding,
  { initializers, averageSuffix, inferring, mayGoOn }: RewriteSettings,
): Promise<{ frozen: Map<string, FrozenValue>; averages: Averages }> {
  const { checkpoint, map } = binding;
  const assigned = evaluateInitializers(binding.graph, initializers, variables, mayGoOn);
  let averages: Averages = { withoutAverage: [], unusedAverages: [] };
  const frozen = await valuesOf(variables, new Map([...assigned, ...given]), async (stored) => {
    const bound = await bindVariables(stored, binding);
    if (averageSuffix === undefined) {
      if (rewrites(inferring)) averages = { ...averages, unusedAverages: averagesOf(bound, checkpoint) };
      return bound;
    }
    const { tensors, without } = takeAverages(bound, checkpoint, averageSuffix, (name) => map.has(name));
    averages = { ...averages, withoutAverage: without };
    return tensors;
  });
  return { frozen, averages };
}
