/** What a freeze tells about itself. */
import type { PlacementReport } from '../devices/placement-report.js';
import type { Change } from '../inference/change.js';
import type { SignatureTensor } from '../io/signature.js';
import type { LayoutName } from '../layouts/layout-name.js';
import type { OptimizationReport } from '../optimize/optimization-report.js';
import type { DataTypeName } from '../proto/data-types.js';

export interface FrozenVariable {
  /** In the graph. */
  readonly name: string;
  /** In the checkpoint; undefined where an initialiser gave the value. */
  readonly key: string | undefined;
  /** As in TensorFlow's Python: `float32`, `bfloat16`, `string`… */
  readonly dtype: DataTypeName;
  readonly shape: readonly number[];
  /** Of its value, as stored in the checkpoint. */
  readonly bytes: number;
  /** What its value is stored as in the frozen graph; other than `dtype` where `weights` or the layout asked for it. */
  readonly storedAs: DataTypeName;
  /**
   * How many of its numbers the type that they are stored as has no place for: they became infinite, or lost their upper bits
   * where they are whole. 0 after a dry run, which converts nothing.
   */
  readonly overflows: number;
}

export interface SignatureTensorReport extends SignatureTensor {
  /** Whether its node is in the frozen graph: an input that the outputs do not need is not. */
  readonly kept: boolean;
}

export interface SignatureReport {
  readonly name: string;
  readonly inputs: readonly SignatureTensorReport[];
  readonly outputs: readonly SignatureTensorReport[];
}

/**
 * A file whose path the frozen graph holds in a string constant, as it was when the model was saved. In the layout
 * `saved-model` the file comes along, and its loader feeds the path.
 */
export interface AssetReport {
  /** The constant's tensor: what a loader feeds with the file's path on its machine. */
  readonly tensor: string;
  /** In the SavedModel. */
  readonly file: string;
  readonly exists: boolean;
}

export interface WrittenFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
}

export interface FreezeReport {
  /** `<bytes>` for what was given as such. */
  readonly graph: string;
  /** As in "a binary GraphDef". */
  readonly graphKind: string;
  /** The checkpoint's prefix, an absolute path; undefined for a SavedModel without variables. */
  readonly checkpoint: string | undefined;
  readonly outputs: readonly string[];
  /** The signature that was named or that gave the outputs: what to feed and to fetch. Undefined where none did. */
  readonly signature: SignatureReport | undefined;
  /** The assets that the frozen graph refers to. */
  readonly assets: readonly AssetReport[];
  /** The frozen graph, or the folder that it is in; undefined after a dry run, and where it went to no path. */
  readonly out: string | undefined;
  /** The frozen graph, where it was asked for `inMemory`. */
  readonly content?: Uint8Array | undefined;
  readonly layout: LayoutName;
  /** What was written; after a dry run, what would have been. None where it went to no path. */
  readonly files: readonly WrittenFile[];
  /** Of all files. */
  readonly bytes: number;
  readonly nodesBefore: number;
  readonly nodesAfter: number;
  /** The variables that became constants, in the graph's order. */
  readonly variables: readonly FrozenVariable[];
  /**
   * Names of variables that a pattern of `weights` matches and that stay as they are all the same: they are no float32, get
   * their value from an initialiser, or have fewer than two elements.
   */
  readonly unchangedWeights: readonly string[];
  /** Names of variables that the outputs need and the lists kept as they are. */
  readonly keptVariables: readonly string[];
  /** Names of nodes that wrote to variables that became constants; what they left went to the reads after them. */
  readonly droppedWrites: readonly string[];
  /**
   * Names of nodes that fill the lookup tables of the frozen graph: whoever uses it runs them once, before anything else.
   * The loader of a SavedModel does.
   */
  readonly tableInitializers: readonly string[];
  /** What the rewrites for inference did, node by node. */
  readonly changes: readonly Change[];
  /** Where averages were asked for, names of the variables that have none in the checkpoint and keep their own value. */
  readonly withoutAverage: readonly string[];
  /** Where a graph is rewritten for inference, names of the variables whose moving average the checkpoint has and nobody asked for. */
  readonly unusedAverages: readonly string[];
  /** What each optimisation did, in their order; empty where none was asked for. */
  readonly optimizations: readonly OptimizationReport[];
  /** Where the nodes are; undefined where `place` and `placeRules` say nothing of it. */
  readonly placement: PlacementReport | undefined;
  /** Wall time of each phase, in milliseconds. */
  readonly milliseconds: {
    /** Graph and index read and checked. */
    readonly read: number;
    /** The passes over the graph. */
    readonly rewrite: number;
    /** Laying out the file. */
    readonly plan: number;
    /** Copying, verifying and renaming; 0 for a dry run. */
    readonly write: number;
    readonly total: number;
  };
}
