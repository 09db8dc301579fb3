/** What a layout is made from. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Graph } from '../graph/graph.js';
import type { GraphFile } from '../io/read-graph.js';
import type { Signature } from '../io/signature.js';
import type { Plan } from '../plan/plan.js';

export interface FrozenModel {
  readonly graph: Graph;
  /** Where the constants' values are. */
  readonly checkpoint: Checkpoint;
  /** What was frozen: its signatures and assets are the model's as far as they are left in `graph`. */
  readonly source: GraphFile;
  /** Names of nodes. */
  readonly outputs: readonly string[];
  /** The signature that was named, or that the outputs come from. */
  readonly signature: Signature | undefined;
  /** Names of nodes that fill the lookup tables. */
  readonly tableInitializers: readonly string[];
  /** The absolute path of what will be written. */
  readonly target: string;
  /** The absolute path that a folder of files will have where the graph runs; undefined: `target`. */
  readonly weightsRoot: string | undefined;
  /** Largest size of a file of weights, in bytes; undefined: the layout's own. */
  readonly shardBytes: number | undefined;
  /** Names of the targets that the nodes were placed among; none where they were not placed. */
  readonly targets: ReadonlySet<string>;
  /** Called before and while functions are put into the graph that calls them; what it throws ends that. */
  readonly mayGoOn: (() => void) | undefined;
}

export interface LaidOut {
  readonly plan: Plan;
  /** As it is written, which a report is to describe. */
  readonly graph: Graph;
  /** A file that belongs to the one that is planned, in the same folder. */
  readonly beside?: BesideFile | undefined;
}

export interface BesideFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** @throws PermafrostError OUTPUT_TOO_LARGE, UNSUPPORTED, and what `measurePayloads` throws */
export type Layout = (model: FrozenModel) => Promise<LaidOut>;
