import type { Take } from './writing/take-plan.js';

/** What a freeze asks before it goes on, and whom it gives the graph to. */
export interface Gates {
  /** As `mayBegin` of `write`. */
  readonly mayWrite?: () => boolean;
  /**
   * Before and during what no size of a file tells how long it takes: functions are put into the graph that calls them, values
   * that initialisers assign are computed. What it throws ends the freeze.
   */
  readonly mayGoOn?: () => void;
  /** Takes the graph in, in place of a path. */
  readonly take?: Take | undefined;
}
