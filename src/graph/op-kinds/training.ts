/** Ops that are of use while a model is trained, or watched, and change nothing that it computes. */
import type { GraphNode } from '../node.js';

const optimizers = /^(Resource)?(Sparse)?Apply[A-Z]\w*$/;

/** Whether an op is the step of an optimiser: it writes to a weight what it makes of a gradient. */
export function isOptimizer(op: string): boolean {
  return optimizers.test(op);
}

/** Not those that models compute with as well: deconvolutions, and what puts a slice into zeros. */
const gradients =
  /^(?!StridedSlice)\w+Grad(V\d+|WithArgmax)?$|^\w+BackpropFilter(V2)?$|^(BroadcastGradientArgs|SymbolicGradient)$/;

/**
 * What TensorFlow puts the nodes of gradients in, of which the ops alone do not tell: a product is one of two more. People call
 * layers `gradients`, too: what `tf.gradients` adds there is in a further scope, after the op that it is the gradient of, or a sum.
 */
const tapeScope = /(^|\/)gradient_tape\//;
const gradientScope = /(^|\/)gradients(_\d+)?\//;
const gradientSum = /(^|\/)gradients(_\d+)?\/AddN(_\d+)?$/;
const gradientOfOp = /_grad(_\d+)?\//;

/** Whether a node is part of a gradient. */
export function isGradient({ name, op }: Pick<GraphNode, 'name' | 'op'>): boolean {
  if (gradients.test(op) || tapeScope.test(name) || gradientSum.test(name)) return true;
  const scope = gradientScope.exec(name);
  // All that is behind a later scope of gradients is behind the first: no other has to be tried.
  return scope !== null && gradientOfOp.test(name.slice(scope.index + scope[0].length));
}

/** Whether an op has to do with what is told of a training while it runs. */
export function isSummary(op: string): boolean {
  return op.includes('Summary');
}

export const printOps: ReadonlySet<string> = new Set(['Print', 'PrintV2']);

/** What ends the run where numbers are not as expected. */
export const checkOps: ReadonlySet<string> = new Set(['Assert', 'CheckNumerics', 'CheckNumericsV2']);
