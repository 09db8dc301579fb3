/**
 * Steps of optimisers do not run any more, and nothing waits for them. This comes before the other rewrites, since gradients
 * read all that lies between, statistics and masks too, which would seem to be needed for more than they are.
 */
import type { GraphNode } from '../../graph/node.js';
import { isWriter } from '../../passes/writes/variable-writes.js';
import type { Scope } from '../scope.js';
import { withoutWaiting } from '../waiting/without-waiting.js';
import { findSteps } from './find-steps.js';

export function dropSteps(scope: Scope): void {
  const steps = findSteps(scope);
  for (const control of scope.controls) {
    if (!steps.has(control)) continue;
    scope.dropControl(control);
    const isWrite = isWriter(scope.graph.byName.get(control) as GraphNode);
    if (isWrite) scope.report('training-ops', control, 'does not run any more: it was the step of an optimiser');
  }
  withoutWaiting(scope, steps, 'training-ops', 'which belonged to the step of an optimiser');
}
