/** Ops that branches and loops of TensorFlow 1 are made of, also those on references. */

export const switchOps: ReadonlySet<string> = new Set(['Switch', 'RefSwitch']);
export const mergeOps: ReadonlySet<string> = new Set(['Merge', 'RefMerge']);

export const enterOps: ReadonlySet<string> = new Set(['Enter', 'RefEnter']);
export const exitOps: ReadonlySet<string> = new Set(['Exit', 'RefExit']);
/** Those whose outputs lead back to the start of a loop. */
export const backOps: ReadonlySet<string> = new Set(['NextIteration', 'RefNextIteration']);
