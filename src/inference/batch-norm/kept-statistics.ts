/** The statistics of a batch that moving averages are kept of, where single ops compute them. */
import { addToList } from '../../add-to-list.js';
import type { Consumer } from '../../graph/consumers.js';
import type { GraphNode } from '../../graph/node.js';
import { isFused } from '../../graph/op-kinds/fused-batch-norm.js';
import type { Scope } from '../scope.js';
import type { Evidence } from './evidence.js';
import { producerOf, variableKey } from './flow.js';
import type { Update } from './moving-averages.js';
import { usesOf } from './uses.js';

/** Moving averages of one tensor. */
export interface Kept {
  /** Its name, as `tensorName` has it. */
  readonly tensor: string;
  readonly node: GraphNode;
  readonly updates: readonly Update[];
}

/** A tensor that the batch comes to, and that outputs need. */
export interface BatchStatistic extends Kept {
  /** Undefined where it goes to an output, or everywhere. */
  readonly uses: readonly Consumer[] | undefined;
  /** The statistic of another batch, whose averages those are; undefined where they are its own. */
  readonly twin?: GraphNode | undefined;
}

/** All of them, whether outputs need the tensor or not. */
export function keptAverages({ graph }: Scope, evidence: Evidence): Kept[] {
  const groups = new Map<string, Update[]>();
  for (const update of evidence.updates) {
    const end = update.chain.at(-1);
    const node = end === undefined ? undefined : producerOf(graph, end);
    if (end === undefined || !node || isFused(node)) continue;
    addToList(groups, end, update);
  }
  return [...groups].map(([tensor, updates]) => ({ tensor, node: producerOf(graph, tensor) as GraphNode, updates }));
}

/** @returns undefined where nothing but averages is made of it. */
export function statisticOf(
  scope: Scope,
  evidence: Evidence,
  { tensor, node, updates }: Kept,
  twin?: GraphNode,
): BatchStatistic | undefined {
  if (!evidence.isNeeded(node.name)) return undefined;
  const chain = new Set(updates.flatMap((update) => [...update.chain]));
  const keys = new Set(updates.map(({ variable }) => variableKey(variable)));
  const uses = usesOf(scope, evidence, [tensor], chain, keys);
  return uses?.length === 0 ? undefined : { tensor, node, updates, uses, twin };
}
