import { validateGraph } from '../graph/validate.js';
import type { Suggestions } from '../inference/suggest/suggestion.js';
import { readGraph } from '../io/read-graph.js';
import { type Source, sourceName } from '../io/source.js';
import { type LimitOptions, within } from '../limits.js';
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
 * @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED, WRONG_FILE_KIND, GRAPH_MALFORMED, GRAPH_INVALID
 */
export function suggest(options: SuggestOptions): Promise<SuggestReport> {
  return traced('suggest', options, () => suggested(options));
}

async function suggested(options: SuggestOptions): Promise<SuggestReport> {
  const read = new OptionReader(options, 'suggest');
  const source = read.source('graph');
  const tags = read.names('tags');
  const limits = read.limits('limits');
  read.rejectUnknown();
  return within(limits, () => suggestFrom(source, tags));
}

async function suggestFrom(source: Source, tags: readonly string[] | undefined): Promise<SuggestReport> {
  const path = sourceName(source);
  const { graph, kind, signatures } = await readGraph(source, tags);
  validateGraph(graph, path);
  // What TensorFlow knows of its ops is large, and a freeze does without it.
  const { suggestFor } = await import('../inference/suggest/suggest.js');
  return { graph: path, graphKind: kind, ...suggestFor(graph, signatures, usualOf(signatures)) };
}
