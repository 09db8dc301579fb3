/** Says which statistics go on coming from the batch although moving averages are kept: whoever knows of those expects them. */
import type { GraphNode } from '../../graph/node.js';
import { choiceOps } from '../../graph/op-kinds/calls.js';
import type { Scope } from '../scope.js';
import { isBatchStatistic } from './batch-statistic.js';
import type { Evidence } from './evidence.js';
import { passingOps, producerOf } from './flow.js';
import type { BatchStatistic, Kept } from './kept-statistics.js';
import { findBlends } from './moving-averages.js';
import type { StatisticsChoices } from './statistics.js';

/** Nodes may pass a tensor round in a circle. */
const maxSteps = 32;

/** @param left those that outputs need as they are. */
export function noteOthers(
  scope: Scope,
  evidence: Evidence,
  choices: StatisticsChoices,
  kept: readonly Kept[],
  left: readonly BatchStatistic[],
): void {
  const texts = new Map<GraphNode, string>();
  for (const { node } of left) {
    texts.set(
      node,
      'is a statistic of the batch with a moving average: the outputs need it for more than to normalise',
    );
  }
  for (const { node } of kept) {
    const part = evidence.isNeeded(node.name) ? undefined : partBehind(scope, node);
    if (!part || !evidence.isNeeded(part.name)) continue;
    texts.set(
      part,
      'is a statistic of parts of the batch (virtual batches), whose moving average is that of the whole batch',
    );
  }
  for (const { chain } of findBlends(scope.graph)) {
    const node = producerOf(scope.graph, chain.at(-1) ?? '');
    if (!node || !choiceOps.has(node.op) || !evidence.isNeeded(node.name)) continue;
    const text = 'gives statistics that moving averages are kept of: bind what tells training from inference (--bind)';
    texts.set(node, text);
  }
  for (const [{ name }, text] of texts) {
    const isConcerned = choices.concerns(name);
    choices.refuse(name, text);
    if (isConcerned) scope.note('batch-norm', name, text);
  }
}

/** Of a mean of means, the one that is averaged again. */
function partBehind({ graph }: Scope, mean: GraphNode): GraphNode | undefined {
  let node = mean.op === 'Mean' ? producerOf(graph, mean.inputs[0] ?? '') : undefined;
  for (let step = 0; node && passingOps.has(node.op) && step < maxSteps; step++) {
    node = producerOf(graph, node.inputs[0] ?? '');
  }
  return node && isBatchStatistic(graph, node.name) ? node : undefined;
}
