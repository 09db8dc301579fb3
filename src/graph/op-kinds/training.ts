/** Ops that are of use while a model is trained, or watched, and change nothing that it computes. */

const optimizers = /^(Resource)?(Sparse)?Apply[A-Z]\w*$/;

/** Whether an op is the step of an optimiser: it writes to a weight what it makes of a gradient. */
export function isOptimizer(op: string): boolean {
  return optimizers.test(op);
}
