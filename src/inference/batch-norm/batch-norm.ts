/** Batch normalisation of training becomes that of inference: by moving statistics, which nothing updates any more. */
import type { Rewrite } from '../every-scope.js';
import { normalizeDecomposed } from './decomposed.js';
import { dropUpdates } from './drop-updates.js';
import { Evidence } from './evidence.js';
import { normalizeFused } from './fused.js';
import { noteNormsLeft } from './note-norms-left.js';
import { readAverages } from './read-averages.js';
import type { StatisticsChoices } from './statistics.js';
import type { UsedStatistics } from './updates-elsewhere.js';

/**
 * @param choices what a user says, before all that the graph tells.
 * @param all is told what is normalised with.
 */
export function batchNorm(choices: StatisticsChoices, all: UsedStatistics): Rewrite {
  return (scope) => {
    const evidence = new Evidence(scope);
    const used = normalizeFused(scope, evidence, choices);
    for (const key of normalizeDecomposed(scope, evidence, choices)) used.add(key);
    for (const key of readAverages(scope, evidence, choices, used)) used.add(key);
    dropUpdates(scope, evidence, used);
    noteNormsLeft(scope, choices, used);
    all.add(scope, used);
  };
}
