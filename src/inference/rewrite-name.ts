/**
 * What may be done to a training graph, each a rewrite of its own, in the order in which they are done. `inputs` and
 * `bindings` stand for what they find by themselves; what options say of inputs and bindings is done in any case.
 */
export const rewriteNames = ['bindings', 'batch-norm', 'dropout', 'training-ops', 'inputs'] as const;

export type RewriteName = (typeof rewriteNames)[number];
