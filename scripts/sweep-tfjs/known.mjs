// What is different and written all the same, each with its reason.

const reasons = [
  [/bfloat16/, 'rounding: TensorFlow.js computes in float32'],
  [/^Round x=int/, 'TensorFlow itself makes 0 of integers'],
  [/^Pow x=int32/, 'overflow of 32 bits'],
  [/\[\d+, 0\]/, 'a tensor without elements'],
  [/^TopKV2 .*sorted=False/, 'TensorFlow promises no order'],
  [/^Select .*ranks open/, 'which condition is a vector, the graph does not tell'],
  [/^SplitV .*size_splits=\[-1, ?0\]/, 'fails, for a size that only the shape tells'],
  [/^TensorListStack/, 'fails, for elements of the list that were never set'],
];

/** Why it may be so, or undefined. */
export function knownReason({ title, cpu, fetches }) {
  const isEmpty = Object.values(fetches).every(({ values }) => values.length === 0);
  if (title.startsWith('StridedSlice') && isEmpty && cpu?.startsWith('fails')) return 'fails, for a slice of nothing';
  return reasons.find(([pattern]) => pattern.test(title))?.[1];
}
