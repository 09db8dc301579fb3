/**
 * Dropout and noise become Identities of the data that they are applied to. A random op that anything else is computed from
 * is part of the model, and so is all that is made of its numbers.
 */
import { readType, typeAttribute } from '../../graph/attributes.js';
import { isControlInput } from '../../graph/edges.js';
import type { NodeSet } from '../../graph/upstream.js';
import type { Scope } from '../scope.js';
import { dataUpstream } from './data-upstream.js';
import { type FoundNoise, findNoise } from './find-noise.js';
import { forgetSeeds } from './forget-seeds.js';

export function removeDropout(scope: Scope): void {
  const { noises, needed } = trainingOnly(scope, findNoise(scope));
  for (const { node, data, reason } of noises) {
    const inputs = [data, ...node.inputs.filter(isControlInput)];
    const attributes = new Map([['T', typeAttribute(readType(node, 'T'))]]);
    scope.replace(node.edit({ op: 'Identity', inputs, attributes }));
    scope.report('dropout', node.name, `hands '${data}' on: it was ${reason}`);
  }
  if (noises.length > 0) forgetSeeds(scope, needed);
}

/** Without those whose mask or noise is still needed when all of them are gone. */
function trainingOnly(scope: Scope, found: readonly FoundNoise[]): { noises: readonly FoundNoise[]; needed: NodeSet } {
  for (let noises = found; ; ) {
    const dataOf = new Map(noises.map(({ node, data }) => [node.name, [data]]));
    const needed = dataUpstream(scope.graph, scope.outputs, (node) => dataOf.get(node.name) ?? node.inputs);
    const rest = noises.filter(({ origin }) => !needed.has(origin));
    if (rest.length === noises.length) return { noises, needed };
    noises = rest;
  }
}
