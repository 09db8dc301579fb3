/** Chooses the variables that hold the moving statistics of one normalisation. */
import { PermafrostError } from '../../errors.js';
import type { GraphNode } from '../../graph/node.js';
import { listNames, nearest } from '../../nearest.js';
import type { Scope } from '../scope.js';
import { oneOfEach } from './evidence.js';
import type { Update } from './moving-averages.js';

/** What a user says of one normalisation: names of variables, or of arguments of its function. */
export interface StatisticsNames {
  readonly mean: string;
  readonly variance: string;
}

/** By the name of the node that normalises, or that computes the mean of the batch. */
export type StatisticsChoices = ReadonlyMap<string, StatisticsNames>;

/** A variable, and how it was found. */
export interface Statistic {
  readonly variable: GraphNode;
  /** One of those that go on with it; undefined where none was found. */
  readonly update: Update | undefined;
  readonly why: string;
}

/**
 * The variable that moving averages tell of.
 * @param node which normalisation it is, and what it is called for `--bn-stats`.
 * @throws PermafrostError STATISTICS_AMBIGUOUS
 */
export function chooseByUpdates(node: string, kind: keyof StatisticsNames, updates: readonly Update[]): Statistic | undefined {
  const candidates = oneOfEach(updates);
  const [update] = candidates;
  if (!update) return undefined;
  if (candidates.length === 1) return { variable: update.variable, update, why: `updated by '${update.write.name}'` };
  const names = candidates.map(({ variable }) => variable.name);
  throw new PermafrostError(
    'STATISTICS_AMBIGUOUS',
    `The ${kind} of the batch that '${node}' normalises by goes into several variables: ${listNames(names)}. Say which ` +
      `holds the moving ${kind}: --bn-stats '${node}=MEAN;VARIANCE' with the names of the two variables.`,
  );
}

/** @throws PermafrostError INVALID_ARGUMENT where there is no such variable. */
export function chosenByUser(scope: Scope, node: string, wanted: string, updates: readonly Update[]): Statistic {
  const variable = scope.graph.byName.get(wanted);
  if (!variable || !['VarHandleOp', 'VariableV2', 'Variable', '_Arg'].includes(variable.op)) {
    const near = nearest(wanted, scope.graph.byName.keys());
    const hint = near.length > 0 ? ` The nearest are ${listNames(near)}.` : '';
    throw new PermafrostError('INVALID_ARGUMENT', `There is no variable '${wanted}' for the statistics of '${node}'.${hint}`);
  }
  const update = updates.find((each) => each.variable.name === wanted);
  return { variable, update, why: 'as asked for' };
}
