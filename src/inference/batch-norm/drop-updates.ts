/** Moving averages that inference reads are not updated any more: what waited for their updates does not. */
import { readType } from '../../graph/attributes.js';
import { asIdentity } from '../../graph/identity-node.js';
import type { Scope } from '../scope.js';
import { withoutWaiting } from '../waiting/without-waiting.js';
import type { Evidence } from './evidence.js';
import { variableKey } from './flow.js';
import { calledAs } from './statistics.js';

/** @param used keys of the variables. */
export function dropUpdates(scope: Scope, evidence: Evidence, used: ReadonlySet<string>): void {
  const gone = new Set<string>();
  for (const { write, variable } of evidence.updates) {
    const { name } = write;
    const [target] = write.inputs;
    if (!used.has(variableKey(variable)) || target === undefined) continue;
    gone.add(name);
    const isRun = scope.needed.has(name) || scope.controls.has(name);
    scope.dropControl(name);
    const isRead = scope.readers(name).length > 0;
    if (isRead) scope.replace(asIdentity(write, target, readType(write, 'T')));
    const text = isRead ? `hands '${target}' on and` : 'does not run any more and';
    if (isRun)
      scope.report(
        'batch-norm',
        name,
        `${text} leaves ${calledAs(scope, { variable })} as it is, with which inference normalises`,
      );
  }
  withoutWaiting(scope, gone, 'batch-norm', 'which updated moving statistics');
}
