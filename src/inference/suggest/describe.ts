/** Suggestions as people read them. */
import { shapeInOptions } from '../../graph/shape-text.js';
import type { SuggestedOutput } from './suggestion.js';

export function describeOutput({ tensor, op, dtype, shape, reasons }: SuggestedOutput): string {
  return `${tensor}  ${dtype}${shapeInOptions(shape)}  (${op}) ${reasons.join('; ')}`;
}
