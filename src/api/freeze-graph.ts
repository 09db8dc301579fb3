/** TensorFlow's own function, under its name and with its parameters, for scripts that are carried over. */
import { PermafrostError } from '../errors.js';
import { noInference } from '../inference/inference-settings.js';
import { freezeSettled } from './freeze.js';
import type { FreezeOptions } from './options/freeze-options.js';
import type { FreezeSettings } from './options/freeze-settings.js';
import { OptionReader } from './options/option-reader.js';
import { nodeNames, setOf, targetOf, threadsOf } from './options/read-freeze-options.js';
import type { OnProgress } from './progress.js';
import type { FreezeReport } from './report.js';
import { traced } from './traced.js';

/** The parameters of `tensorflow.python.tools.freeze_graph.freeze_graph` (2.21), with its defaults. */
export interface FreezeGraphOptions {
  readonly input_graph?: string | undefined;
  readonly input_saver?: string | undefined;
  /** Has no effect: whether a file is binary or text is told by its content. */
  readonly input_binary?: boolean | undefined;
  readonly input_checkpoint?: string | undefined;
  readonly output_node_names: string | readonly string[];
  /** Has no effect, as in TensorFlow. */
  readonly restore_op_name?: string | undefined;
  /** Has no effect, as in TensorFlow. */
  readonly filename_tensor_name?: string | undefined;
  /** Empty: everything is done but writing. */
  readonly output_graph?: string | undefined;
  /** Default: true. With `input_meta_graph`, TensorFlow clears them even when this is false, and so does this. */
  readonly clear_devices?: boolean | undefined;
  readonly initializer_nodes?: string | readonly string[] | undefined;
  readonly variable_names_whitelist?: string | readonly string[] | undefined;
  readonly variable_names_denylist?: string | readonly string[] | undefined;
  /** The denylist's name in older versions. */
  readonly variable_names_blacklist?: string | readonly string[] | undefined;
  /** Takes precedence over `input_graph` and `input_saved_model_dir`. */
  readonly input_meta_graph?: string | undefined;
  /** Takes precedence over `input_graph`, and its variables over `input_checkpoint` unless `input_saver` is given. */
  readonly input_saved_model_dir?: string | undefined;
  /** Separated by commas; empty: a graph without tags. Default: `serve`. */
  readonly saved_model_tags?: string | undefined;
  /** 1 or 2. Has no effect: what the checkpoint is, is told by its content. */
  readonly checkpoint_version?: number | undefined;
}

/** What else a caller may pass on; these are not TensorFlow's. `tfParity` is true here unless it is given. */
export type FreezeGraphExtras = Pick<
  FreezeOptions,
  'durable' | 'threads' | 'inline' | 'keepLibrary' | 'tfParity' | 'limits' | 'heapBytes' | 'signal' | 'onProgress'
>;

/**
 * As `freeze`, with TensorFlow's parameter names and defaults. Empty strings mean "not given", as they do there.
 * @throws PermafrostError with the `code` of what went wrong.
 */
export function freezeGraph(options: FreezeGraphOptions, extras: FreezeGraphExtras = {}): Promise<FreezeReport> {
  return traced('freezeGraph', { ...options, ...extras }, async () =>
    freezeSettled(readFreezeGraphOptions(options, extras)),
  );
}

/** @throws PermafrostError INVALID_ARGUMENT */
export function readFreezeGraphOptions(options: FreezeGraphOptions, extras: FreezeGraphExtras): FreezeSettings {
  const read = new OptionReader(options, 'freezeGraph');
  const more = new OptionReader(extras, 'freezeGraph');
  const given = (name: string): string | undefined => read.optionalPath(name) || undefined;
  const list = (name: string): string[] => read.names(name) ?? [];
  const metaGraph = given('input_meta_graph');
  const inputGraph = given('input_graph');
  const savedModelGiven = given('input_saved_model_dir');
  const savedModel = metaGraph === undefined ? savedModelGiven : undefined;
  const graph = metaGraph ?? savedModel ?? inputGraph;
  const tags = read.names('saved_model_tags');
  const saver = given('input_saver');
  const checkpoint = given('input_checkpoint');
  const out = given('output_graph');
  const initializers = list('initializer_nodes');
  const tfParity = more.flag('tfParity', true);
  const settings = {
    outputs: nodeNames(list('output_node_names')),
    tags: savedModel === undefined ? undefined : tags,
    signature: undefined,
    out,
    stream: undefined,
    inMemory: false,
    target: targetOf(out),
    dryRun: out === undefined,
    layout: 'graph-def' as const,
    weightsRoot: undefined,
    shardBytes: undefined,
    allow: setOf(list('variable_names_whitelist')),
    deny: new Set([...list('variable_names_denylist'), ...list('variable_names_blacklist')]),
    strictLists: false,
    weights: [],
    // TensorFlow imports a MetaGraphDef with its devices cleared, whatever this flag says, and writes what it imported.
    place: read.flag('clear_devices', true) || metaGraph !== undefined ? ('clear' as const) : ('keep' as const),
    placeRules: undefined,
    deviceConstants: new Set<never>(),
    dot: undefined,
    inferring: noInference,
    averageSuffix: undefined,
    inline: more.flag('inline', false),
    optimize: false,
    keepLibrary: more.flag('keepLibrary', tfParity),
    tfParity,
    saver,
    variableMap: undefined,
    // With a SaverDef or a SavedModel, TensorFlow restores from it and does not come to the initialisers.
    initializers: saver === undefined && savedModel === undefined ? initializers : [],
    durable: more.flag('durable', false),
    threads: threadsOf(more),
    limits: more.limits('limits'),
    heapBytes: more.heapBytes(),
    signal: more.signal('signal'),
    onProgress: more.callback<OnProgress>('onProgress'),
  };
  // These have no effect, and are checked all the same.
  read.flag('input_binary', false);
  read.choice('checkpoint_version', [1, 2], 2);
  for (const ignored of ['restore_op_name', 'filename_tensor_name']) read.optional(ignored);
  read.rejectUnknown();
  more.rejectUnknown();

  if (graph === undefined) throw missing('a value', 'input_graph, input_meta_graph or input_saved_model_dir');
  // TensorFlow restores a SavedModel from its own variables, except by a SaverDef.
  const ownVariables = savedModel !== undefined && saver === undefined;
  if (checkpoint === undefined && !ownVariables) throw missing('a value', 'input_checkpoint');
  if (settings.outputs.length === 0) throw missing('at least one node name', 'output_node_names');
  return { graph, checkpoint: ownVariables ? undefined : checkpoint, ...settings };
}

function missing(what: string, name: string): PermafrostError {
  return new PermafrostError('INVALID_ARGUMENT', `Expected ${what} for ${name} but received none.`);
}
