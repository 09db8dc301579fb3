/** Dropout and noise become Identities of the data that they are applied to. */
import { readType } from '../../graph/attributes.js';
import { asIdentity } from '../../graph/identity-node.js';
import type { Scope } from '../scope.js';
import { forgetSeeds } from './forget-seeds.js';
import { trainingOnly } from './training-only.js';

export function removeDropout(scope: Scope): void {
  const { noises, needed, inputsOf } = trainingOnly(scope);
  for (const { node, data, reason, companions = [] } of noises) {
    scope.replace(asIdentity(node, data, readType(node, 'T')));
    scope.report('dropout', node.name, `hands '${data}' on: it was ${reason}`);
    for (const { node: indices, data: all } of companions) {
      if (scope.node(indices.name)?.op === 'Identity') continue;
      scope.replace(asIdentity(indices, all, readType(indices, 'Tparams')));
      scope.report('dropout', indices.name, `hands '${all}' on: it picked what the dropout at '${node.name}' kept`);
    }
  }
  for (const { name } of forgetSeeds(scope, needed, inputsOf))
    scope.report('dropout', name, 'need not run: nothing is computed from its numbers');
}
