/** Ops that hand random values on: into a loop or a branch, in another type, or in another shape. */
import { readType } from '../../../graph/attributes.js';
import { floatTypes } from '../../../proto/data-types.js';
import { unscaled } from '../factor.js';
import type { RandomValue } from '../random-value.js';
import type { Form } from './form.js';

/** Of masked data it would matter where they are read. */
const movable: ReadonlySet<RandomValue['kind']> = new Set(['uniform', 'normal', 'mask', 'rows']);

export const passed: Form = ({ node, values: [value] }) => {
  if (!value || !movable.has(value.kind)) return undefined;
  if (node.op !== 'Cast' || floatTypes.has(readType(node, 'DstT'))) return value;
  // 0 and 1 are the same in any type.
  return value.kind === 'mask' && value.factor === unscaled ? value : undefined;
};
