/**
 * Gaussian dropout and noise, the layers of Keras: data times normal numbers around 1, data plus those around 0. By their
 * arithmetic, both may be a sampler that is part of the model; so it takes a branch of inference without the noise, or a name.
 */
import { isNear, sourceOf } from '../amount.js';
import { twinWithout } from '../twin.js';
import type { Form, Operation } from './form.js';

/** As Keras names its layers: `gaussian_noise_1/add`. */
const dropoutName = /^gaussian_?dropout(_\d+)*$/i;
const noiseName = /^gaussian_?noise(_\d+)*$/i;

export const gaussianDropout: Form = (operation) => {
  const { node, inputs, values } = operation;
  const at = values[0]?.kind === 'normal' ? 0 : 1;
  const value = values[at];
  if (node.op !== 'Mul' || value?.kind !== 'normal' || values[1 - at] || !isNear(value.mean, 1)) return undefined;
  const data = inputs[1 - at] as string;
  const evidence = evidenceOf(operation, data, dropoutName);
  if (!evidence) return undefined;
  const { origin, random } = value;
  const reason = `Gaussian dropout, a product with the random numbers of '${origin}' around 1, which ${evidence}`;
  return { kind: 'noise', data, origin, random, reason };
};

const sums: ReadonlySet<string> = new Set(['Add', 'AddV2']);

export const gaussianNoise: Form = (operation) => {
  const { node, inputs, values } = operation;
  const at = values[0]?.kind === 'normal' ? 0 : 1;
  const value = values[at];
  if (!sums.has(node.op) || value?.kind !== 'normal' || values[1 - at] || value.mean !== 0) return undefined;
  const data = inputs[1 - at] as string;
  const evidence = evidenceOf(operation, data, noiseName);
  if (!evidence) return undefined;
  const { origin, random } = value;
  const reason = `noise, a sum with the random numbers of '${origin}' around 0, which ${evidence}`;
  return { kind: 'noise', data, origin, random, reason };
};

/** What tells noise from a sampler, in words. */
function evidenceOf({ scope, node }: Operation, data: string, layerName: RegExp): string | undefined {
  const twin = twinWithout(scope, node.name, sourceOf(scope, data));
  if (twin) return `the other branch at '${twin.merge}', by '${twin.flag}', goes without`;
  return node.name.split('/').some((each) => layerName.test(each)) ? 'its name alone says' : undefined;
}
