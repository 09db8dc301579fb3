/** What may be done to a frozen graph for speed, each an optimisation of its own, in the order in which they are done. */
export const optimizationNames = [
  'controls',
  'identities',
  'batch-norm',
  'constant-folding',
  'moves',
  'duplicates',
] as const;

export type OptimizationName = (typeof optimizationNames)[number];
