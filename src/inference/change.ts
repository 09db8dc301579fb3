import type { RewriteName } from './rewrite-name.js';

/** What a rewrite did to one node, or why it did nothing. */
export interface Change {
  readonly rewrite: RewriteName;
  readonly node: string;
  /** The function that the node is in; undefined in the main graph. */
  readonly functionName: string | undefined;
  /** In words, for people: what it is now, and what that was concluded from. */
  readonly text: string;
  /** Whether the node stays as it was. */
  readonly isLeft: boolean;
}
