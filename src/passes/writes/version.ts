/** What a variable may hold at some point of a run. */
import type { GraphNode } from '../../graph/node.js';

export type Version = Stored | Written | Summed | Chosen | Unknown;

/** The value of the checkpoint. */
export interface Stored {
  readonly kind: 'stored';
  /** A version is deeper than all that come before it. */
  readonly depth: number;
}

/** What one write leaves. */
export interface Written {
  readonly kind: 'written';
  readonly depth: number;
  readonly node: GraphNode;
  readonly before: Version;
}

/** What additions and subtractions leave that ran in any order. */
export interface Summed {
  readonly kind: 'summed';
  readonly depth: number;
  readonly writes: readonly Written[];
}

/** What is there after a conditional: one version an input of its Merge. */
export interface Chosen {
  readonly kind: 'chosen';
  readonly depth: number;
  readonly merge: GraphNode;
  readonly inputs: readonly { readonly input: string; readonly version: Version }[];
}

/** Nobody can say before the model runs. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly depth: number;
  readonly why: 'unordered' | 'loop';
  /** Any of these may be the last. */
  readonly versions: readonly Version[];
}

/** Which version each node of a graph sees, by the node's position. */
export interface Versions {
  /** What the variable holds when the node runs. */
  before(position: number): Version;
  /** What it holds when the node has run. */
  after(position: number): Version;
  /** @param position of a node that writes. */
  written(position: number): Written;
}

export const stored: Stored = { kind: 'stored', depth: 0 };

/** One more than the deepest. */
export function depthAfter(versions: readonly Version[]): number {
  return versions.reduce((depth, version) => Math.max(depth, version.depth), 0) + 1;
}

/** The names of the last writes that a version may come from. */
export function lastWrites(version: Version): string[] {
  const seen = new Set<Version>([version]);
  for (const each of seen) {
    if (each.kind === 'summed') for (const write of each.writes) seen.add(write);
    else if (each.kind === 'chosen') for (const input of each.inputs) seen.add(input.version);
    else if (each.kind === 'unknown') for (const other of each.versions) seen.add(other);
  }
  return [...seen].flatMap((each) => (each.kind === 'written' ? each.node.name : []));
}
