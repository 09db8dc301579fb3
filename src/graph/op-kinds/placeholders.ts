/** Ops that callers feed. */

/** Those that have no value of their own. */
export const fedOps: ReadonlySet<string> = new Set(['Placeholder', 'PlaceholderV2']);

export const placeholderOps: ReadonlySet<string> = new Set([...fedOps, 'PlaceholderWithDefault']);
