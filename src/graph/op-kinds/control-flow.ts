/** Ops that branches of TensorFlow 1 are made of, also those on references. */

export const switchOps: ReadonlySet<string> = new Set(['Switch', 'RefSwitch']);
export const mergeOps: ReadonlySet<string> = new Set(['Merge', 'RefMerge']);
