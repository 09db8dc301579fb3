/**
 * Dropout and noise that nothing but training needs. A random op that anything else is computed from is part of the model,
 * and so is all that is made of its numbers.
 */
import type { GraphNode } from '../../graph/node.js';
import type { NodeSet } from '../../graph/upstream.js';
import type { Scope } from '../scope.js';
import { dataUpstream } from './data-upstream.js';
import { type FoundNoise, findNoise } from './find-noise.js';

export interface TrainingOnly {
  readonly noises: readonly FoundNoise[];
  /** What the outputs are computed from when they are gone. */
  readonly needed: NodeSet;
  readonly inputsOf: (node: GraphNode) => readonly string[];
}

/** Without those whose mask or random numbers are still needed when all of them are gone. */
export function trainingOnly(scope: Scope): TrainingOnly {
  for (let noises = findNoise(scope); ; ) {
    const dataOf = new Map(noises.map(({ node, data }) => [node.name, [data]]));
    const inputsOf = (node: GraphNode): readonly string[] => dataOf.get(node.name) ?? node.inputs;
    const needed = dataUpstream(scope.graph, scope.outputs, inputsOf);
    const rest = noises.filter(({ origin, random }) => !needed.has(origin) && !needed.has(random));
    if (rest.length === noises.length) return { noises, needed, inputsOf };
    noises = rest;
  }
}
