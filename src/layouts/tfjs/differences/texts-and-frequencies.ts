/** Texts and Fourier transforms. */
import { type Condition, type Difference, either } from './difference.js';
import { isPlainPattern, isPlainText } from './plain-texts.js';

const spectralLength =
  (input: number, lengthOf: (last: number) => number): Condition =>
  (node) => {
    const last = node.shape(0)?.at(-1) ?? -1;
    return last < 0 || node.constant(input)?.[0] !== lengthOf(last);
  };

export const textsAndFrequencies: readonly Difference[] = [
  {
    ops: 'StaticRegexReplace',
    by: "its attributes 'pattern' and 'rewrite'",
    when: (node) =>
      !isPlainPattern(node.text('pattern')) ||
      !/^[^\\$]*$/.test(node.text('rewrite')) ||
      !isPlainText(node.text('rewrite')),
    instead:
      "makes them lower case and reads them as JavaScript's; only plain letters, digits and classes mean the same",
  },
  {
    ops: 'StringNGrams',
    by: "its attributes 'separator', 'left_pad' and 'right_pad'",
    when: (node) => !['separator', 'left_pad', 'right_pad'].every((each) => isPlainText(node.text(each))),
    instead: 'makes them lower case, and knows no letters but those of English in them',
  },
  {
    ops: 'StringToHashBucketFast',
    by: "its attribute 'num_buckets'",
    when: (node) => node.int('num_buckets') > 2 ** 31,
    instead: 'has 32 bits for the number of a bucket',
  },
  {
    ops: 'RFFT',
    by: "its input 'fft_length'",
    when: spectralLength(1, (last) => last),
    instead: 'passes it over and takes the length of the last dimension, which is not known to be the same',
  },
  {
    ops: 'IRFFT',
    by: "its input 'fft_length'",
    when: either(
      (node) => (node.shape(0)?.length ?? 1) < 2,
      spectralLength(1, (last) => 2 * (last - 1)),
    ),
    instead: 'passes it over, takes the length that the last dimension makes, and makes a matrix of a vector',
  },
];
