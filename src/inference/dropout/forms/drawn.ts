/** Ops that draw numbers. */
import type { Form } from './form.js';

export const uniformOps: ReadonlySet<string> = new Set([
  'RandomUniform',
  'StatelessRandomUniform',
  'StatelessRandomUniformV2',
  'StatefulUniform',
]);

export const normalOps: ReadonlySet<string> = new Set([
  'RandomStandardNormal',
  'StatelessRandomNormal',
  'StatelessRandomNormalV2',
  'StatefulStandardNormal',
  'StatefulStandardNormalV2',
  'TruncatedNormal',
  'StatelessTruncatedNormal',
  'StatelessTruncatedNormalV2',
  'StatefulTruncatedNormal',
]);

/** The masks that Ascend's adapter for TensorFlow makes. */
export const maskOps: ReadonlySet<string> = new Set([
  'DropOutGenMask',
  'DropOutGenMaskV3',
  'DropOutGenMaskV4',
  'StatelessDropOutGenMask',
]);

export const drawn: Form = ({ node }) => {
  const from = { origin: node.name, random: node.name };
  if (uniformOps.has(node.op)) return { kind: 'uniform', low: 0, high: 1, ...from };
  return normalOps.has(node.op) ? { kind: 'normal', mean: 0, deviation: 1, ...from } : undefined;
};
