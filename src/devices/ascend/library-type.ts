/**
 * The message that Ascend's offline compiler (ATC) reads functions from: `GraphDefLibrary` of its graph_library.proto. It
 * takes the text form alone, where names count and numbers do not.
 */
import type protobuf from 'protobufjs/light.js';
import { messageType } from '../../proto/types.js';

/** The one name under which the compiler looks for it, in the model's folder. */
export const libraryFileName = 'graph_def_library.pbtxt';

/** What a function is as a graph, under the function's name. */
export interface LibraryGraph {
  readonly name?: string;
  /** A GraphDef. */
  readonly graph?: object;
}

export interface GraphDefLibrary {
  readonly graph_def?: readonly LibraryGraph[];
}

const graphFields = { name: { type: 'string', id: 1 }, graph: { type: '.tensorflow.GraphDef', id: 2 } };
const libraryFields = { graph_def: { rule: 'repeated', type: 'GeGraphDef', id: 1 } };

let type: protobuf.Type | undefined;

export function libraryType(): protobuf.Type {
  if (type) return type;
  const { root } = messageType('GraphDef');
  root.addJSON({
    ascend: { nested: { GeGraphDef: { fields: graphFields }, GraphDefLibrary: { fields: libraryFields } } },
  });
  type = root.lookupType('ascend.GraphDefLibrary');
  return type;
}
