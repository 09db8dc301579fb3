/** What may be done to a training graph, each a rewrite of its own, in the order in which they are done. */
export const rewriteNames = ['batch-norm', 'dropout', 'training-ops'] as const;

export type RewriteName = (typeof rewriteNames)[number];
