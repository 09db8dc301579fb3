/** Ops that draw numbers. */

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

/** Masks of bits for dropout, as Ascend's adapter for TensorFlow makes them. */
export const maskOps: ReadonlySet<string> = new Set([
  'DropOutGenMask',
  'DropOutGenMaskV3',
  'DropOutGenMaskV4',
  'StatelessDropOutGenMask',
]);

/** Apply such a mask, of (x, mask, keep_prob); see `tf_adapter/ops` and `npu_bridge` in the repository Ascend/tensorflow. */
export const masksApplied: ReadonlySet<string> = new Set(['DropOutDoMask', 'DropOutDoMaskV3']);
