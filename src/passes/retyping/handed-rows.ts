/** What the functions that nodes call are handed, read once for each node: there may be a list of types for each of its inputs. */
import type { FunctionLibrary } from '../../graph/library.js';
import type { GraphNode } from '../../graph/node.js';
import { type CallRow, callRowsOf, type HandedInputs, handedInputs } from './call-rules.js';

/** Functions, and the inputs that they get. */
export interface HandedRow extends HandedInputs {
  readonly row: CallRow;
}

const none: readonly HandedRow[] = [];

export class HandedRows {
  readonly #known = new WeakMap<GraphNode, readonly HandedRow[]>();

  constructor(private readonly library: FunctionLibrary) {}

  /** Of what calls no function, none. */
  of(node: GraphNode): readonly HandedRow[] {
    const known = this.#known.get(node);
    if (known) return known;
    const rows = callRowsOf(node, this.library);
    if (rows.length === 0) return none;
    const handed = rows.map((row) => ({ row, ...handedInputs(node, row) }));
    this.#known.set(node, handed);
    return handed;
  }
}
