/**
 * Dropout and noise that nothing but training needs. A random op that anything else is computed from is part of the model,
 * and so is all that is made of its numbers.
 */
import type { GraphNode } from '../../graph/node.js';
import type { NodeSet } from '../../graph/upstream.js';
import { dataUpstream } from '../../graph/upstream.js';
import type { Scope } from '../scope.js';
import { sourceOf } from './amount.js';
import { type FoundNoise, findNoise } from './find-noise.js';
import { ratesOfData } from './rates-of-data.js';

export interface TrainingOnly {
  readonly noises: readonly FoundNoise[];
  /** What the outputs are computed from when they are gone. */
  readonly needed: NodeSet;
  readonly inputsOf: (node: GraphNode) => readonly string[];
}

/** Noises that are found to be part of the model by those that were found before; where there are more, all are left. */
const mostRounds = 32;

/**
 * Without those whose mask or random numbers are still needed when all of them are gone, whose rate is computed from data,
 * and those of which the noise itself is what the model takes.
 */
export function trainingOnly(scope: Scope): TrainingOnly {
  let noises = findNoise(scope);
  for (let round = 0; ; round++) {
    if (round > mostRounds) noises = [];
    const dataOf = new Map(
      noises.flatMap(({ node, data, companions = [] }) =>
        [{ node, data }, ...companions].map((each) => [each.node.name, [each.data]] as const),
      ),
    );
    const inputsOf = (node: GraphNode): readonly string[] => dataOf.get(node.name) ?? node.inputs;
    const needed = dataUpstream(scope.graph, scope.outputs, inputsOf);
    const isOfData = ratesOfData(scope, noises, needed);
    const rest = noises.filter(
      (noise) =>
        !needed.has(noise.origin) && !needed.has(noise.random) && !isOfData(noise) && !isItselfUsed(scope, noise),
    );
    if (rest.length === noises.length) return { noises, needed, inputsOf };
    noises = rest;
  }
}

/** What is dropped less the data is noise around zero, or signs by chance: without it there would be nothing left. */
export function isItselfUsed(scope: Scope, { node, data }: FoundNoise): boolean {
  const source = sourceOf(scope, data);
  return scope
    .readers(node.name)
    .some(
      ({ node: reader }) =>
        scope.needed.has(reader.name) &&
        reader.op === 'Sub' &&
        reader.inputs.slice(0, 2).some((input) => sourceOf(scope, input) === source),
    );
}
