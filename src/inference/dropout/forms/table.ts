/** All forms, in the order in which a node is held against them. */
import { filled, filledAndScaled } from './alpha-dropout.js';
import { ascendDropout, dropoutOps } from './ascend.js';
import { product, scaledAfterwards, selection } from './dropout.js';
import type { Form } from './form.js';
import { gaussianDropout, gaussianNoise } from './gaussian.js';
import { handedOn } from './handed-on.js';
import { compared, floored, reversed, scaledMask } from './mask.js';
import { drawn, normalOps, uniformOps } from './random-ops.js';
import { range } from './range.js';

const formsOf: readonly (readonly [readonly string[], readonly Form[]])[] = [
  [[...uniformOps, ...normalOps], [drawn]],
  [['Identity', 'Cast', 'Enter', 'Switch', 'StopGradient', 'Snapshot', 'Reshape', 'ExpandDims'], [handedOn]],
  [['GreaterEqual', 'Greater', 'LessEqual', 'Less'], [compared]],
  [['Floor'], [floored]],
  [['LogicalNot'], [reversed]],
  [['Select', 'SelectV2'], [selection]],
  [['Mul'], [scaledMask, product, scaledAfterwards, filledAndScaled, range, gaussianDropout]],
  [
    ['RealDiv', 'Div'],
    [scaledMask, scaledAfterwards, filledAndScaled, range],
  ],
  [
    ['Add', 'AddV2'],
    [filled, filledAndScaled, range, gaussianNoise],
  ],
  [['Sub'], [reversed]],
  [dropoutOps, [ascendDropout]],
];

/** By op. */
export const forms: ReadonlyMap<string, readonly Form[]> = new Map(
  formsOf.flatMap(([ops, all]) => ops.map((op) => [op, all] as const)),
);
