/**
 * Gaussian dropout and noise, the layers of Keras. Data times normal numbers around 1 are dropout by their form. Data plus
 * normal numbers around 0 may be a sampler that is part of the model; then it takes a name, or a branch without the noise.
 */
import { inputNode } from '../../../graph/edges.js';
import { isNear, sourceOf } from '../amount.js';
import type { Form, Operation } from './form.js';

export const gaussianDropout: Form = ({ node, inputs, values }) => {
  const at = values[0]?.kind === 'normal' ? 0 : 1;
  const value = values[at];
  if (node.op !== 'Mul' || value?.kind !== 'normal' || values[1 - at] || !isNear(value.mean, 1)) return undefined;
  const reason = `Gaussian dropout, a product with the random numbers of '${value.origin}' around 1`;
  return { kind: 'noise', data: inputs[1 - at] as string, origin: value.origin, reason };
};

const sums: ReadonlySet<string> = new Set(['Add', 'AddV2']);

export const gaussianNoise: Form = (operation) => {
  const { node, inputs, values } = operation;
  const at = values[0]?.kind === 'normal' ? 0 : 1;
  const value = values[at];
  if (!sums.has(node.op) || value?.kind !== 'normal' || values[1 - at] || value.mean !== 0) return undefined;
  const data = inputs[1 - at] as string;
  const evidence = evidenceOf(operation, data);
  if (!evidence) return undefined;
  const reason = `noise, a sum with the random numbers of '${value.origin}' around 0, which ${evidence}`;
  return { kind: 'noise', data, origin: value.origin, reason };
};

/** What tells noise from a sampler, in words. */
function evidenceOf({ scope, node }: Operation, data: string): string | undefined {
  const twin = branchWithout(scope, node.name, sourceOf(scope, data));
  if (twin) return `the other branch at '${twin}' goes without`;
  return hasNoiseName(node.name) ? 'its name alone says' : undefined;
}

/** The Merge at which a conditional takes the data, or the node that adds to them. */
function branchWithout(scope: Operation['scope'], name: string, data: string): string | undefined {
  for (const { node } of scope.readers(name)) {
    if (node.op === 'Identity') {
      const further = branchWithout(scope, node.name, data);
      if (further) return further;
    }
    if (node.op !== 'Merge') continue;
    const others = node.inputs.filter((input) => inputNode(sourceOf(scope, input)) !== name);
    if (others.some((input) => sourceOf(scope, input) === data)) return node.name;
  }
  return undefined;
}

/** As Keras names its layer: `gaussian_noise_1/add`. */
function hasNoiseName(name: string): boolean {
  return name.split('/').some((scope) => /^gaussian_?noise(_\d+)*$/i.test(scope));
}
