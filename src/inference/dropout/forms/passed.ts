/** Ops that hand random values on: into a loop or a branch, in another type, or in another shape. */
import { readType } from '../../../graph/attributes.js';
import { DataType } from '../../../proto/data-types.js';
import type { RandomValue } from '../random-value.js';
import type { Form } from './form.js';

/** Of masked data it would matter where they are read. */
const movable: ReadonlySet<RandomValue['kind']> = new Set(['uniform', 'normal', 'mask']);

const floats: ReadonlySet<number> = new Set([DataType.float16, DataType.bfloat16, DataType.float32, DataType.float64]);

export const handedOn: Form = ({ node, values: [value] }) => {
  if (!value || !movable.has(value.kind)) return undefined;
  return node.op === 'Cast' && !floats.has(readType(node, 'DstT')) ? undefined : value;
};
