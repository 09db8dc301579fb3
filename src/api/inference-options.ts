/** What makes an inference graph of a training graph: its options, and how they are checked. */
import { type RewriteName, rewriteNames } from '../inference/rewrite-name.js';
import type { InferenceSettings } from '../inference/to-inference.js';
import type { OptionReader } from './option-reader.js';

export interface InferenceOptions {
  /**
   * Rewrites that make an inference graph of a training graph: `batch-norm` normalises with the moving statistics, `dropout`
   * takes dropout and noise out, `training-ops` what only training needs. True: all of them. Default: none.
   */
  readonly inference?: boolean | string | readonly RewriteName[];
}

/** Those of a freeze that changes nothing of the kind. */
export const noInference: InferenceSettings = { rewrites: new Set() };

/** @throws PermafrostError INVALID_ARGUMENT */
export function readInference(read: OptionReader): InferenceSettings {
  const all = read.any('inference');
  if (typeof all === 'boolean') return { rewrites: new Set(all ? rewriteNames : []) };
  return { rewrites: new Set(read.choices('inference', rewriteNames)) };
}

/** Whether the graph is rewritten at all. */
export function rewrites({ rewrites: asked }: InferenceSettings): boolean {
  return asked.size > 0;
}
