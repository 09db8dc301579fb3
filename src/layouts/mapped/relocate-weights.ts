/** Other paths for the weight files of a graph of the layout `mmap`. */
import { basename, dirname, join } from 'node:path';
import { PermafrostError } from '../../errors.js';
import { readBytes, readType, textAttribute } from '../../graph/attributes.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { readShape } from '../../graph/shape.js';
import { dataTypeName, elementSize } from '../../proto/data-types.js';
import { immutableConst, regionAttribute } from './map-constants.js';
import { mmapWeights } from './mmap-folder.js';

/** A file that a constant is mapped from. */
export interface WeightFile {
  readonly node: string;
  /** Where it is to be. */
  readonly path: string;
  /** Bytes that the constant's type and shape make. */
  readonly size: number;
}

/**
 * @param root the folder that `weights` is in, or will be.
 * @param source the graph's path, for messages.
 * @returns no files where the graph maps none.
 * @throws PermafrostError WRONG_FILE_KIND where it maps others; GRAPH_MALFORMED where nobody can say how long one must be.
 */
export function relocateWeights(graph: Graph, root: string, source: string): { graph: Graph; files: WeightFile[] } {
  const files: WeightFile[] = [];
  const nodes = graph.nodes.map((node) => {
    if (node.op !== immutableConst) return node;
    const path = join(root, mmapWeights, fileName(node, source));
    files.push({ node: node.name, path, size: sizeOf(node, source) });
    return node.edit({ attributes: new Map([...node.attributes, [regionAttribute, textAttribute(path)]]) });
  });
  return { graph: graph.withNodes(nodes), files };
}

function fileName(node: GraphNode, source: string): string {
  const region = Buffer.from(readBytes(node, regionAttribute) ?? []).toString('utf8');
  const name = basename(region);
  const isPlain = !['', '.', '..'].includes(name) && !region.includes('\0');
  if (isPlain && basename(dirname(region)) === mmapWeights) return name;
  throw new PermafrostError(
    'WRONG_FILE_KIND',
    `${source} maps node '${node.name}' from '${region}', which is no file in a folder '${mmapWeights}': ` +
      "only what the layout 'mmap' wrote can be relocated. A memmapped package needs no paths.",
  );
}

/** Only what says how long its file is can be held against it. */
function sizeOf(node: GraphNode, source: string): number {
  const dtype = readType(node, 'dtype');
  const each = elementSize(dtype);
  const sizes = readShape(node, 'shape');
  const size = (sizes ?? []).reduce((product, dimension) => product * dimension, each ?? 0);
  if (each !== undefined && sizes?.every((dimension) => dimension >= 0) && Number.isSafeInteger(size)) return size;
  const shape = sizes ? `shape [${sizes.join(', ')}]` : 'no shape';
  throw new PermafrostError(
    'GRAPH_MALFORMED',
    `In ${source}, node '${node.name}' is mapped from a file and has type ${dataTypeName(dtype)} and ` +
      `${shape}: no file has such elements. The graph is damaged; freeze it again.`,
  );
}
