/** What of writes cannot be expressed without variables, in people's words. */
import { PermafrostError } from '../../errors.js';
import type { GraphNode } from '../../graph/node.js';
import { handleOp } from '../../graph/variables.js';
import type { Use } from './variable-edges.js';
import { lastWrites, type Version } from './version.js';

/** Through a Merge with something else, nobody can say which variable is read or written. */
export function checkMixed(variable: GraphNode, mixed: readonly GraphNode[], targets: ReadonlyMap<string, Use>): void {
  const merge = mixed.find(({ op }) => op === 'RefMerge' || variable.op === handleOp);
  if (!merge) return;
  const [write] = targets.keys();
  throw new PermafrostError(
    'VARIABLE_NOT_FREEZABLE',
    `Variable '${variable.name}' cannot become a constant: node '${merge.name}' (${merge.op}) merges it with another, and ` +
      `'${write}' writes to it. Choose outputs that do without one of them, or put '${variable.name}' on the deny list.`,
  );
}

export function takesHandle(variable: GraphNode, node: GraphNode, version: Version): PermafrostError {
  const writes = lastWrites(version).map((name) => `'${name}'`);
  return new PermafrostError(
    'VARIABLE_NOT_FREEZABLE',
    `Variable '${variable.name}' cannot become a constant: node '${node.name}' (${node.op}) takes its handle after ` +
      `${writes.join(' and ')}, and the outputs need both. Choose outputs that do without '${node.name}', or put ` +
      `'${variable.name}' on the deny list.`,
  );
}

export function takesTooLong(): PermafrostError {
  return new PermafrostError(
    'VARIABLE_NOT_FREEZABLE',
    'Variables are written to in so many ways and loops that it would take too long to find out what each node reads. Choose ' +
      'outputs that need fewer of the writes, or put variables on the deny list.',
  );
}
