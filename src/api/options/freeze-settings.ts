import type { Writable } from 'node:stream';
import type { InferenceSettings } from '../../inference/inference-settings.js';
import type { Source } from '../../io/source.js';
import type { LayoutName } from '../../layouts/layout-name.js';
import type { Limits } from '../../limits.js';
import type { WeightRule } from '../../passes/weights/weight-rules.js';
import type { OnProgress } from '../progress.js';
import type { PlacingSettings } from './placing-options.js';

/** The options as the freeze uses them: checked, with the defaults filled in. */
export interface FreezeSettings extends PlacingSettings {
  readonly graph: Source;
  /** Undefined: that of the SavedModel. */
  readonly checkpoint: string | undefined;
  /** Empty: those of the signature. */
  readonly outputs: readonly string[];
  /** Undefined: the usual ones. */
  readonly tags: readonly string[] | undefined;
  readonly signature: string | undefined;
  /** Undefined for a stream and in memory; where a dry run was asked for, it may be. */
  readonly out: string | undefined;
  /** Where the graph goes in place of a path. */
  readonly stream: Writable | undefined;
  readonly inMemory: boolean;
  /** `out` as an absolute path, whatever becomes of the working folder meanwhile. */
  readonly target: string;
  readonly dryRun: boolean;
  readonly layout: LayoutName;
  /** Undefined: where the files are written. */
  readonly weightsRoot: string | undefined;
  /** Undefined: the layout's own. */
  readonly shardBytes: number | undefined;
  /** Undefined: all. */
  readonly allow: ReadonlySet<string> | undefined;
  readonly deny: ReadonlySet<string>;
  /** Whether a name on the lists must be a variable of the graph. */
  readonly strictLists: boolean;
  readonly weights: readonly WeightRule[];
  readonly inferring: InferenceSettings;
  /** What the keys of averages have behind those of variables; undefined: variables have their own values. */
  readonly averageSuffix: string | undefined;
  readonly inline: boolean;
  readonly optimize: boolean;
  readonly keepLibrary: boolean;
  readonly tfParity: boolean;
  readonly saver: string | undefined;
  readonly variableMap: string | object | undefined;
  readonly initializers: readonly string[];
  readonly durable: boolean;
  /** 0: as many as are of use. */
  readonly threads: number;
  readonly limits: Partial<Limits>;
  /** Undefined: as much as the engine gives. */
  readonly heapBytes: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress | undefined;
}
