/** Reads a binary GraphDef into a Graph, without looking into attribute values. */
import { isPermafrostError, PermafrostError, reason } from '../errors.js';
import { beyond, limits } from '../limits.js';
import { payloadEnd, wireReader } from '../proto/wire-reader.js';
import { WireType } from '../proto/wire-schema.js';
import { EncodedNodes } from './encoded-nodes.js';
import { Graph } from './graph.js';
import { FunctionLibrary } from './library.js';
import { GraphNode } from './node.js';

/** Field numbers of GraphDef. */
export const graphFields = { node: 1, library: 2, versions: 4 } as const;

/**
 * @param bytes a binary GraphDef; the graph refers to it, so it must not change afterwards.
 * @param source the file's name for messages.
 * @throws PermafrostError GRAPH_MALFORMED, LIMIT_EXCEEDED
 */
export function decodeGraph(bytes: Uint8Array, source: string): Graph {
  const encoded = new EncodedNodes(bytes);
  const nodes: GraphNode[] = [];
  const parts: { library: Uint8Array[]; versions: Uint8Array[] } = { library: [], versions: [] };
  const reader = wireReader(bytes);
  const most = limits().nodes;
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      const number = (tag & 7) === WireType.bytes ? tag >>> 3 : 0;
      if (number === graphFields.node) {
        const end = payloadEnd(reader);
        if (nodes.length === most) throw beyond('nodes', `${source} has more than ${most} nodes`);
        nodes.push(GraphNode.decode(encoded, reader.pos, end));
        reader.pos = end;
      } else if (number === graphFields.library) parts.library.push(reader.bytes());
      else if (number === graphFields.versions) parts.versions.push(reader.bytes());
      else reader.skipType(tag & 7, 0, tag >>> 3);
    }
  } catch (error) {
    if (isPermafrostError(error)) throw error;
    throw new PermafrostError(
      'GRAPH_MALFORMED',
      `${source} is not a whole GraphDef: ${reason(error)} (in node ${nodes.length + 1}, near byte ${reader.pos} of ` +
        `${bytes.length}). The file may be cut off or damaged; export or copy it again.`,
      { cause: error },
    );
  }
  // Several pieces of one message mean their merge, and a message's merge is its concatenation.
  return new Graph(nodes, FunctionLibrary.decode(joined(parts.library)), joined(parts.versions), encoded.numbering);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
}
