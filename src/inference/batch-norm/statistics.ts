/** Chooses the variables that hold the moving statistics of one normalisation. */
import { PermafrostError } from '../../errors.js';
import type { GraphNode } from '../../graph/node.js';
import { listNames, nearest } from '../../nearest.js';
import type { Scope } from '../scope.js';
import { oneOfEach } from './evidence.js';
import type { Update } from './moving-averages.js';
import type { StatisticsNames } from './statistics-names.js';

/** What a user says, by the name of the node that normalises, or that computes the mean of the batch. */
export class StatisticsChoices {
  readonly #unused: Set<string>;
  /** Nodes that can be named. */
  readonly #known = new Set<string>();
  /** And those that cannot, and why. */
  readonly #reasons = new Map<string, string>();

  /** @param all whether nodes that nobody speaks of are to normalise with moving statistics too. */
  constructor(
    private readonly names: ReadonlyMap<string, StatisticsNames>,
    readonly all: boolean,
  ) {
    this.#unused = new Set(names.keys());
  }

  concerns(node: string): boolean {
    this.#known.add(node);
    return this.all || this.names.has(node);
  }

  /** @param why what keeps a node from being named, which goes on from its name. */
  refuse(node: string, why: string): void {
    this.#known.delete(node);
    this.#reasons.set(node, why);
  }

  take(node: string): StatisticsNames | undefined {
    this.#unused.delete(node);
    return this.names.get(node);
  }

  /** @throws PermafrostError INVALID_ARGUMENT where a name was that of nothing that normalises by the batch. */
  refuseUnused(): void {
    const [node] = this.#unused;
    if (node === undefined) return;
    const why = this.#reasons.get(node);
    const problem =
      why === undefined
        ? `'${node}', and the outputs need no node of that name that normalises by the batch: none whose is_training is true, ` +
          'and none that computes a mean of the batch that a moving average is kept of.'
        : `'${node}', and cannot change that node: it ${why}.`;
    throw new PermafrostError('INVALID_ARGUMENT', `--bn-stats speaks of ${problem} ${this.#hintFor(node)}`);
  }

  #hintFor(node: string): string {
    if (this.#known.size === 0) return 'There is no node that could be named.';
    const near = nearest(node, this.#known);
    return near.length > 0
      ? `The nearest that can be named are ${listNames(near)}.`
      : `Those that can be named are ${listNames([...this.#known])}.`;
  }
}

/** A variable, and how it was found. */
export interface Statistic {
  readonly variable: GraphNode;
  /** One of those that go on with it; undefined where none was found. */
  readonly update: Update | undefined;
  readonly why: string;
}

export type Statistics = Readonly<Record<keyof StatisticsNames, Statistic>>;

export function reportOf(scope: Scope, { mean, variance }: Statistics): string {
  const why = mean.why === variance.why ? mean.why : `${mean.why} and ${variance.why}`;
  return `normalises with ${calledAs(scope, mean)} and ${calledAs(scope, variance)}, ${why}`;
}

/** Of the names of what one function is handed by all its callers, in characters. */
const mostShown = 1_000;

/** The variables that a statistic may be, in quotes. */
export function calledAs(scope: Scope, { variable }: Pick<Statistic, 'variable'>): string {
  const names = scope.variableNames(variable);
  const shown: string[] = [];
  let size = 0;
  for (const name of names) {
    if (size > mostShown) return `${shown.join(' or ')} or ${names.length - shown.length} others`;
    shown.push(`'${name}'`);
    size += name.length;
  }
  return shown.join(' or ');
}

/**
 * The variable that moving averages tell of.
 * @param node which normalisation it is, and what it is called for `--bn-stats`.
 * @throws PermafrostError STATISTICS_AMBIGUOUS
 */
export function chooseByUpdates(
  scope: Scope,
  node: string,
  kind: keyof StatisticsNames,
  updates: readonly Update[],
): Statistic | undefined {
  const candidates = oneOfEach(updates);
  const [update] = candidates;
  if (!update) return undefined;
  if (candidates.length === 1) return { variable: update.variable, update, why: `updated by '${update.write.name}'` };
  const names = candidates.flatMap(({ variable }) => scope.variableNames(variable));
  throw new PermafrostError(
    'STATISTICS_AMBIGUOUS',
    `The ${kind} of the batch that '${node}' normalises by goes into several variables: ${listNames(names)}. Say which ` +
      `holds the moving ${kind}: --bn-stats '${node}=MEAN;VARIANCE' with the names of the two variables.`,
  );
}
