/**
 * Dropout and noise become Identities of the data that they are applied to. A random op that anything else is computed from
 * is part of the model, and so is all that is made of its numbers.
 */
import { readType } from '../../graph/attributes.js';
import type { GraphNode } from '../../graph/node.js';
import type { NodeSet } from '../../graph/upstream.js';
import { asIdentity } from '../as-identity.js';
import type { Scope } from '../scope.js';
import { dataUpstream } from './data-upstream.js';
import { type FoundNoise, findNoise } from './find-noise.js';
import { forgetSeeds } from './forget-seeds.js';

export function removeDropout(scope: Scope): void {
  const { noises, needed, inputsOf } = trainingOnly(scope, findNoise(scope));
  for (const { node, data, reason } of noises) {
    scope.replace(asIdentity(node, data, readType(node, 'T')));
    scope.report('dropout', node.name, `hands '${data}' on: it was ${reason}`);
  }
  const idle = forgetSeeds(scope, needed, inputsOf);
  if (noises.length > 0) return;
  for (const { name } of idle) scope.report('dropout', name, 'need not run: nothing is computed from its numbers');
}

interface TrainingOnly {
  readonly noises: readonly FoundNoise[];
  /** What the outputs are computed from when they are gone. */
  readonly needed: NodeSet;
  readonly inputsOf: (node: GraphNode) => readonly string[];
}

/** Without those whose mask or random numbers are still needed when all of them are gone. */
function trainingOnly(scope: Scope, found: readonly FoundNoise[]): TrainingOnly {
  for (let noises = found; ; ) {
    const dataOf = new Map(noises.map(({ node, data }) => [node.name, [data]]));
    const inputsOf = (node: GraphNode): readonly string[] => dataOf.get(node.name) ?? node.inputs;
    const needed = dataUpstream(scope.graph, scope.outputs, inputsOf);
    const rest = noises.filter(({ origin, random }) => !needed.has(origin) && !needed.has(random));
    if (rest.length === noises.length) return { noises, needed, inputsOf };
    noises = rest;
  }
}
