import { validateGraph } from '../graph/validate.js';
import type { Suggestions } from '../inference/suggest/suggestion.js';
import { readGraph } from '../io/read-graph.js';
import { type Limits, within } from '../limits.js';
import { usualOf } from './choose-outputs.js';
import { OptionReader } from './option-reader.js';

export interface SuggestOptions {
  /** File with a GraphDef or a MetaGraphDef, binary or text, told by its content; or a SavedModel, its folder or file. */
  readonly graph: string;
  /** The tags of the graph to take from a SavedModel, all of them. Default: `serve`. An empty list: one without tags. */
  readonly tags?: string | readonly string[];
  /** What the file may ask for at most, where it is to be other than usual. */
  readonly limits?: Partial<Limits>;
}

export interface SuggestReport extends Suggestions {
  readonly graph: string;
  /** As in "a binary GraphDef". */
  readonly graphKind: string;
}

/**
 * Says what the inputs and outputs of a graph may be, best first, and why. What only training, saving and summaries need is
 * never among the outputs.
 * @throws PermafrostError INVALID_ARGUMENT, FILE_NOT_FOUND, READ_FAILED, WRONG_FILE_KIND, GRAPH_MALFORMED, GRAPH_INVALID
 */
export async function suggest(options: SuggestOptions): Promise<SuggestReport> {
  const read = new OptionReader(options, 'suggest');
  const path = read.path('graph');
  const tags = read.names('tags');
  const limits = read.limits('limits');
  read.rejectUnknown();
  return within(limits, () => suggestOf(path, tags));
}

async function suggestOf(path: string, tags: readonly string[] | undefined): Promise<SuggestReport> {
  const { graph, kind, signatures } = await readGraph(path, tags);
  validateGraph(graph, path);
  // What TensorFlow knows of its ops is large, and a freeze does without it.
  const { suggestFor } = await import('../inference/suggest/suggest.js');
  return { graph: path, graphKind: kind, ...suggestFor(graph, signatures, usualOf(signatures)) };
}
