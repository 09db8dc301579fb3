import type { GraphNode } from '../../graph/node.js';
import { stored, type Version, type Versions, type Written } from './version.js';

/** The versions of a variable that one node writes to, where nothing is merged behind: two of them. */
export class SingleWrite implements Versions {
  readonly #written: Written;

  /**
   * @param write its position.
   * @param isAfter whether a node is the write or runs after it.
   */
  constructor(
    private readonly write: number,
    node: GraphNode,
    private readonly isAfter: (position: number) => boolean,
  ) {
    this.#written = { kind: 'written', depth: stored.depth + 1, node, before: stored };
  }

  before(position: number): Version {
    return position === this.write ? stored : this.after(position);
  }

  after(position: number): Version {
    return this.isAfter(position) ? this.#written : stored;
  }

  written(): Written {
    return this.#written;
  }
}
