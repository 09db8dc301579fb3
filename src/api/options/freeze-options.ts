/** What `freeze` takes. */
import type { Writable } from 'node:stream';
import type { ConstantChange } from '../../devices/constants/constant-changes.js';
import type { PlaceRules } from '../../devices/rules/place-rule.js';
import type { LayoutName } from '../../layouts/layout-name.js';
import type { LimitOptions } from '../../limits.js';
import type { WeightRuleText } from '../../passes/weights/weight-rules.js';
import type { OnProgress } from '../progress.js';
import type { InferenceOptions } from './inference-options.js';

export interface FreezeOptions extends InferenceOptions {
  /**
   * File with a GraphDef or a MetaGraphDef, binary or text, told by its content; or a SavedModel, its folder or file. Or the
   * bytes of such a file, which are copied at once; a SavedModel has its variables and assets in its folder.
   */
  readonly graph: string | Uint8Array;
  /**
   * A checkpoint's prefix, its folder, the folder's `checkpoint` file, or any file of the checkpoint. Default: the
   * variables of the SavedModel, and after them what the SavedModel's own op for its loader assigns.
   */
  readonly checkpoint?: string | undefined;
  /**
   * Names of the nodes to keep with all they need; `name:0` is taken too. An array, or separated by commas. Default: the
   * outputs of the signature.
   */
  readonly outputs?: string | readonly string[] | undefined;
  /** The tags of the graph to take from a SavedModel, all of them. Default: `serve`. An empty list: one without tags. */
  readonly tags?: string | readonly string[] | undefined;
  /**
   * The signature that the report describes, and that gives the outputs where none are named. Default, where none are:
   * `serving_default`, or the only one. In the layout `saved-model`, all signatures give outputs where none is named.
   */
  readonly signature?: string | undefined;
  /**
   * The path of the file or the folder to write, which the layout decides; or, for the layout `graph-def`, a stream of Node
   * that takes the graph. The stream ends with it, of a dry run with nothing. Where the freeze fails, the stream is destroyed
   * with the error: what it has taken by then is no graph. Not needed for a dry run.
   */
  readonly out?: string | Writable | undefined;
  /** Give the frozen graph back as the report's `content`, in place of `out`; for the layout `graph-def`. Default: false. */
  readonly inMemory?: boolean | undefined;
  /**
   * What to write. `graph-def`: one binary GraphDef with all constants inside. `mmap`: a folder with a small GraphDef,
   * `graph.pb`, and a file for each large constant, which TensorFlow maps. `memmapped`: TensorFlow's memmapped package, all
   * of that in one file. `saved-model`: the folder of a SavedModel with its signatures and assets. `tfjs`: the folder of a
   * graph model of TensorFlow.js. Default: `graph-def`.
   */
  readonly layout?: LayoutName | undefined;
  /**
   * For the layout `mmap`: the absolute path that its folder will have where the graph runs; the graph names its files by
   * it. Default: that of `out`.
   */
  readonly weightsRoot?: string | undefined;
  /** For the layout `tfjs`: the largest size of a file of weights, in bytes. Default: 4 MiB. */
  readonly shardBytes?: number | undefined;
  /** Only these variables become constants. Default, and for an empty list: all that the outputs need. */
  readonly allow?: string | readonly string[] | undefined;
  /** These variables stay variables. */
  readonly deny?: string | readonly string[] | undefined;
  /**
   * Types that the values of float32 variables are stored in, to be restored when the graph is loaded: `float16`, `bfloat16`,
   * `int8` or `float32`, for all variables of two dimensions and 1,024 elements or more; or `PATTERN=TYPE` for those whose
   * names match, where `*` stands for any characters and `?` for one. The last rule that applies counts. Separated by commas,
   * or an array. Not together with `tfParity`. Default: all as they are.
   */
  readonly weights?: string | readonly WeightRuleText[] | undefined;
  /**
   * The devices that nodes go to: `clear`, off all nodes of the main graph; `keep`, those that they have; or a list in the
   * order of preference such as `npu:0,gpu:0,cpu`, where a node goes to the next one if the first has no kernel for it, and
   * to the CPU in the end. An array, or separated by commas. `docs/devices.md` tells how it is decided. Default: `clear`.
   */
  readonly place?: string | readonly string[] | undefined;
  /**
   * Nodes that go elsewhere: a JSON file with rules, a list of them, or a function. The first rule that holds for a node
   * counts. Where `place` is no list, what no rule asks for has no device in the end, in functions too (`clear`), or stays as
   * it is (`keep`). With a function, the freeze runs on the calling thread.
   */
  readonly placeRules?: PlaceRules | undefined;
  /**
   * What may be done to constants for their devices' sake. `copies`: a constant that is read on several devices is written
   * once for each. `dtypes`: large float32 constants are stored as their devices want them, float16 or bfloat16, and
   * restored there. An array, or separated by commas. Default: nothing.
   */
  readonly deviceConstants?: string | readonly ConstantChange[] | undefined;
  /** File to draw the placed graph to, in the DOT language of Graphviz, once the graph is written; also in a dry run. */
  readonly dot?: string | undefined;
  /** False is another word for `place: 'keep'`. Default: true. */
  readonly clearDevices?: boolean | undefined;
  /** Make one flat graph: functions inlined, If, Case and While as the control flow of TensorFlow 1. Default: false. */
  readonly inline?: boolean | undefined;
  /**
   * Fold and merge what costs time when the frozen graph runs; its outputs keep their names, and their numbers but for
   * rounding. The graph is made flat first, as with `inline`. Default: false.
   */
  readonly optimize?: boolean | undefined;
  /** Keep all functions of the graph, not only those that the outputs need. Default: what `tfParity` is. */
  readonly keepLibrary?: boolean | undefined;
  /**
   * Write the very bytes that TensorFlow's tool writes, where it writes a graph that works: no control inputs on reads of
   * variables, all functions kept, variables that only a colocation holds kept, nothing to fill lookup tables. Default:
   * false.
   */
  readonly tfParity?: boolean | undefined;
  /** File with the SaverDef, binary or text, whose restore op says which key each variable is stored under. */
  readonly saver?: string | undefined;
  /**
   * Keys of the checkpoint by the names of variables, where the graph and the checkpoint do not say which belong
   * together: the path of a JSON file, or an object. It overrules everything else.
   */
  readonly variableMap?: string | Readonly<Record<string, string>> | undefined;
  /**
   * Nodes that TensorFlow would run after restoring the checkpoint and before freezing. What they assign to variables goes
   * before what is stored; it must be made of constants, or be the stored value of another variable.
   */
  readonly initializers?: string | readonly string[] | undefined;
  /** Wait until all that is written is on the disk. Default: false, as `cp` and TensorFlow do. */
  readonly durable?: boolean | undefined;
  /** How many threads write, 1 to 64. Default: as many as are of use, 4 at most. */
  readonly threads?: number | undefined;
  /**
   * Do everything but write, and find out whether `out` could be written. Default: false. Without `out`, the report and the
   * layout `mmap` name paths in a folder `frozen` of the working folder, so that a graph with other paths has another size.
   */
  readonly dryRun?: boolean | undefined;
  /** What the files may ask for at most, where it is to be other than usual: `{ nodes: 5_000_000 }`. */
  readonly limits?: LimitOptions | undefined;
  /**
   * What JavaScript may take for the freeze, in bytes, 32 MiB at least; what would take more fails with OUT_OF_MEMORY. The freeze
   * runs in a worker then, however small it is. The bytes of typed arrays are not counted: those of the file, and values that are computed (`limits.computedBytes`). Default: what the
   * engine gives the program.
   */
  readonly heapBytes?: number | undefined;
  /** Ends the freeze early; nothing of what was written is left then. Of any realm: jsdom has a class of its own. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called during the write, at most 20 times a second, and once at its end. What it throws ends the freeze and is passed on. A
   * promise that it returns is not waited for: what that is rejected with does the same while the freeze is under way, and
   * afterwards nothing.
   */
  readonly onProgress?: OnProgress | undefined;
}
