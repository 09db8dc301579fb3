/** Ops that hand an input on: the first, where nothing else is said. */

/** As it is, in type, shape and elements. Some do more while a model is trained, or end the run. */
export const identityOps: ReadonlySet<string> = new Set([
  ...['Identity', 'Snapshot', 'StopGradient', 'PreventGradient', 'GuaranteeConst'],
  ...['CheckNumerics', 'CheckNumericsV2', 'EnsureShape'],
]);

/** In another shape, that has dimensions of size 1 more or less, or whatever shape they are told. */
export const reshapingOps: ReadonlySet<string> = new Set(['Squeeze', 'ExpandDims', 'Reshape']);

/** These hand on parts of a tensor, one after the other. */
export const splittingOps: ReadonlySet<string> = new Set(['Unpack', 'Split', 'SplitV']);

/** These hand on one part of a tensor. */
export const slicingOps: ReadonlySet<string> = new Set(['StridedSlice', 'Slice', 'Gather', 'GatherV2']);

/** These hand on several tensors as one. */
export const joiningOps: ReadonlySet<string> = new Set(['Pack', 'Concat', 'ConcatV2']);

/** These hand on their second or third input, element by element, as the first one says. */
export const selectOps: ReadonlySet<string> = new Set(['Select', 'SelectV2']);
