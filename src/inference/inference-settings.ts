/** What is asked of the rewrites. */
import type { StatisticsNames } from './batch-norm/statistics-names.js';
import type { Binding } from './bindings/binding.js';
import type { InputSettings } from './inputs/input-cut.js';
import type { RewriteName } from './rewrite-name.js';

export interface InferenceSettings {
  readonly rewrites: ReadonlySet<RewriteName>;
  readonly inputs: InputSettings;
  /** What callers bind. */
  readonly bindings: readonly Binding[];
  /** By the names of nodes that normalise by the batch: what they are to normalise with. */
  readonly bnStats: ReadonlyMap<string, StatisticsNames>;
}

/** Those that change nothing. */
export const noInference: InferenceSettings = {
  rewrites: new Set(),
  inputs: { cuts: [], auto: false },
  bindings: [],
  bnStats: new Map(),
};

/** Whether a graph is rewritten at all. */
export function rewrites({ rewrites: asked, inputs, bindings, bnStats }: InferenceSettings): boolean {
  return inputs.auto || inputs.cuts.length + asked.size + bindings.length + bnStats.size > 0;
}
