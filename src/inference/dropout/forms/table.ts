/** All forms, in the order in which a node is held against them. */

import { identityOps, selectOps } from '../../../graph/op-kinds/handing-on.js';
import { masksApplied, normalOps, uniformOps } from '../../../graph/op-kinds/random.js';
import { filled, filledAndScaled } from './alpha-dropout.js';
import { ascendDropout } from './ascend.js';
import { drawn } from './drawn.js';
import { product, scaledAfterwards, selection } from './dropout.js';
import type { Form } from './form.js';
import { gaussianDropout, gaussianNoise } from './gaussian.js';
import { compared, floored, reversed, rounded, scaledMask } from './mask.js';
import { passed } from './passed.js';
import { range } from './range.js';
import { picked, pickedAndScaled, pickedRows } from './sparse-dropout.js';

const formsOf: readonly (readonly [readonly string[], readonly Form[]])[] = [
  [[...uniformOps, ...normalOps], [drawn]],
  [[...identityOps, 'Cast', 'Enter', 'Switch', 'Reshape', 'ExpandDims'], [passed]],
  [['GreaterEqual', 'Greater', 'LessEqual', 'Less'], [compared]],
  [['Floor'], [floored]],
  [['Ceil', 'Round', 'Rint'], [rounded]],
  [['LogicalNot'], [reversed]],
  [[...selectOps], [selection]],
  [['Mul'], [scaledMask, product, scaledAfterwards, pickedAndScaled, filledAndScaled, range, gaussianDropout]],
  [
    ['RealDiv', 'Div', 'DivNoNan'],
    [scaledMask, scaledAfterwards, pickedAndScaled, filledAndScaled, range],
  ],
  [
    ['Add', 'AddV2'],
    [filled, filledAndScaled, range, gaussianNoise],
  ],
  [['Sub'], [reversed, range]],
  [['MulNoNan'], [scaledMask, product, scaledAfterwards]],
  [['Where'], [pickedRows]],
  [['Gather', 'GatherV2'], [picked]],
  [['SparseDenseCwiseMul', 'SparseDenseCwiseDiv'], [pickedAndScaled]],
  [[...masksApplied], [ascendDropout]],
];

/** By op. */
export const forms: ReadonlyMap<string, readonly Form[]> = new Map(
  formsOf.flatMap(([ops, all]) => ops.map((op) => [op, all] as const)),
);
