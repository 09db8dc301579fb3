/**
 * Averages that outputs read while the batch that they are given updates them: those of a running normalisation, or of a
 * quantisation's range. Inference reads them as they are stored. State that a model keeps by itself is no average over examples.
 */
import type { Scope } from '../scope.js';
import { isOfAllExamples } from './batch-statistic.js';
import type { Evidence } from './evidence.js';
import { variableKey } from './flow.js';
import type { Update } from './moving-averages.js';
import { calledAs, type StatisticsChoices } from './statistics.js';

/**
 * @param told keys of variables that a normalisation reads by now.
 * @returns keys of the others that are to be read as they are stored.
 */
export function readAverages(
  scope: Scope,
  evidence: Evidence,
  choices: StatisticsChoices,
  told: ReadonlySet<string>,
): Set<string> {
  const found = new Set<string>();
  for (const update of evidence.updates) {
    const { write, variable, chain } = update;
    const key = variableKey(variable);
    if (told.has(key) || !choices.all || !isRun(scope, write.name)) continue;
    if (!isRead(scope, evidence, update) || !isOfAllExamples(scope.graph, chain.at(-1) ?? '')) continue;
    found.add(key);
    const text = `does not update ${calledAs(scope, { variable })} by the batch any more: the outputs read the moving average as it is stored`;
    scope.report('batch-norm', write.name, text);
  }
  return found;
}

function isRun({ functionName, needed }: Scope, name: string): boolean {
  return functionName !== undefined || needed.has(name);
}

function isRead(scope: Scope, evidence: Evidence, { write, variable }: Update): boolean {
  return evidence.isNeeded(variable.name) || scope.readers(write.name).some(({ node }) => evidence.isNeeded(node.name));
}
