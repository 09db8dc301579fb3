/** The file beside a frozen graph that Ascend's offline compiler (ATC) reads its functions from. */
import type { Graph } from '../../graph/graph.js';
import { formatText } from '../../proto/text-format.js';
import { functionNodes } from './function-graph.js';
import { type GraphDefLibrary, libraryType } from './library-type.js';

/** Those of TensorFlow 2.21, as its own converter writes them. */
const versions = { producer: 2474, min_consumer: 0 };

/**
 * The functions in the order of the library, each as a graph.
 * @throws PermafrostError as `functionNodes`
 */
export async function functionLibraryText({ library }: Graph): Promise<string> {
  const graphs: GraphDefLibrary = {
    graph_def: library.functions.map((each) => ({
      name: each.name,
      graph: { node: functionNodes(each, library), versions },
    })),
  };
  return formatText(libraryType(), graphs);
}
