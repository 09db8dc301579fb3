/** What a graph's inputs and outputs may be, and what speaks for it. */

/** A tensor that may be an input or an output. */
export interface SuggestedTensor {
  /** `node`, or `node:output` for a later output than the first: as options take it. */
  readonly tensor: string;
  readonly op: string;
  /** As in `float32`; `unknown` where the graph does not say. */
  readonly dtype: string;
  /** -1 for a size that is open; undefined where the rank is open too. */
  readonly shape: readonly number[] | undefined;
  /** In words, for people. */
  readonly reasons: readonly string[];
}

export interface SuggestedOutput extends SuggestedTensor {
  /** `signature`: the model's exporter says so. `likely`: the end of what the model computes. `possible`: anything else. */
  readonly confidence: 'signature' | 'likely' | 'possible';
}

export interface SuggestedInput extends SuggestedTensor {
  /**
   * `feed`: what the outputs are computed from. `bind`: a switch between training and inference. `unused`: the outputs do
   * without, as they do without labels.
   */
  readonly use: 'feed' | 'bind' | 'unused';
}

export interface Suggestions {
  /** Best first. */
  readonly inputs: readonly SuggestedInput[];
  readonly outputs: readonly SuggestedOutput[];
  /** Names of the output nodes that `auto` stands for; undefined where that is ambiguous. */
  readonly auto: readonly string[] | undefined;
}
