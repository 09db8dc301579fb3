/** Suggestions as people read them. */
import { shapeText } from '../shape-text.js';
import type { SuggestedOutput } from './suggestion.js';

export function describeOutput({ tensor, op, dtype, shape, reasons }: SuggestedOutput): string {
  return `${tensor}  ${dtype}${shapeText(shape)}  (${op}) ${reasons.join('; ')}`;
}
