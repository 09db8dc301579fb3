/** Ops that are of use while a model is trained, or watched, and change nothing that it computes. */

const optimizers = /^(Resource)?(Sparse)?Apply[A-Z]\w*$/;

/** Whether an op is the step of an optimiser: it writes to a weight what it makes of a gradient. */
export function isOptimizer(op: string): boolean {
  return optimizers.test(op);
}

/** Whether an op has to do with what is told of a training while it runs. */
export function isSummary(op: string): boolean {
  return op.includes('Summary');
}

export const printOps: ReadonlySet<string> = new Set(['Print', 'PrintV2']);

/** What ends the run where numbers are not as expected. */
export const checkOps: ReadonlySet<string> = new Set(['Assert', 'CheckNumerics', 'CheckNumericsV2']);
