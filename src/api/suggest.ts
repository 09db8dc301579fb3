import { validateGraph } from '../graph/validate.js';
import type { Suggestions } from '../inference/suggest/suggestion.js';
import { readGraph } from '../io/read-graph.js';
import { sourceName } from '../io/source.js';
import { type LimitOptions, within } from '../limits.js';
import { type Look, type LookSettings, lookAside } from './aside/look-aside.js';
import { usualOf } from './choose-outputs.js';
import { OptionReader } from './options/option-reader.js';
import { traced } from './traced.js';

export interface SuggestOptions {
  /**
   * File with a GraphDef or a MetaGraphDef, binary or text, told by its content; or a SavedModel, its folder or file. Or the
   * bytes of such a file.
   */
  readonly graph: string | Uint8Array;
  /** The tags of the graph to take from a SavedModel, all of them. Default: `serve`. An empty list: one without tags. */
  readonly tags?: string | readonly string[] | undefined;
  /** What the file may ask for at most, where it is to be other than usual. */
  readonly limits?: LimitOptions | undefined;
  /**
   * What JavaScript may take, in bytes, 32 MiB at least; what would take more fails with OUT_OF_MEMORY. The work is done in a
   * worker then, however small the graph is. The bytes of the file are not counted. Default: what the engine gives the program.
   */
  readonly heapBytes?: number | undefined;
  /** Rejects with ABORTED: at once where a worker does it, and else when it is done, which small graphs are soon. */
  readonly signal?: AbortSignal | undefined;
}

export interface SuggestReport extends Suggestions {
  /** `<bytes>` for what was given as such. */
  readonly graph: string;
  /** As in "a binary GraphDef". */
  readonly graphKind: string;
}

/**
 * Says what the inputs and outputs of a graph may be, best first, and why. What only training, saving and summaries need is
 * never among the outputs.
 * @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED, WRONG_FILE_KIND, GRAPH_MALFORMED, GRAPH_INVALID,
 * LIMIT_EXCEEDED, OUT_OF_MEMORY, ABORTED
 */
export function suggest(options: SuggestOptions): Promise<SuggestReport> {
  return traced('suggest', options, async () => lookAside(look, readSuggestOptions(options)));
}

const look: Look<LookSettings, SuggestReport, SuggestReport> = {
  name: 'suggest',
  here: suggestHere,
  received: (report) => report,
};

/** @throws PermafrostError INVALID_ARGUMENT */
export function readSuggestOptions(options: SuggestOptions): LookSettings {
  const read = new OptionReader(options, 'suggest');
  const source = read.source('graph');
  const tags = read.names('tags');
  const limits = read.limits('limits');
  const heapBytes = read.heapBytes();
  const signal = read.signal('signal');
  read.rejectUnknown();
  return { source, tags, limits, heapBytes, signal };
}

/** On this thread. */
export function suggestHere(settings: LookSettings): Promise<SuggestReport> {
  return within(settings.limits, () => suggestFrom(settings));
}

async function suggestFrom({ source, tags }: LookSettings): Promise<SuggestReport> {
  const path = sourceName(source);
  const { graph, kind, signatures } = await readGraph(source, tags);
  validateGraph(graph, path);
  // What TensorFlow knows of its ops is large, and a freeze does without it.
  const { suggestFor } = await import('../inference/suggest/suggest.js');
  return { graph: path, graphKind: kind, ...suggestFor(graph, signatures, usualOf(signatures)) };
}
