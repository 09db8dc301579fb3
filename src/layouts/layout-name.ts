/** All forms of output, by the names that callers use. */
export const layoutNames = ['graph-def', 'mmap', 'memmapped', 'saved-model', 'tfjs'] as const;

export type LayoutName = (typeof layoutNames)[number];
