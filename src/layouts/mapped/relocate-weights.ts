/** Other paths for the weight files of a graph of the layout `mmap`. */
import { basename, dirname, join } from 'node:path';
import { PermafrostError } from '../../errors.js';
import { readAttribute, readType, shapeSizes, textAttribute } from '../../graph/attributes.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { elementSize } from '../../proto/data-types.js';
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
 * @throws PermafrostError WRONG_FILE_KIND where the graph maps no such files.
 */
export function relocateWeights(graph: Graph, root: string, source: string): { graph: Graph; files: WeightFile[] } {
  const files: WeightFile[] = [];
  const nodes = graph.nodes.map((node) => {
    if (node.op !== immutableConst) return node;
    const path = join(root, mmapWeights, fileName(node, source));
    files.push({ node: node.name, path, size: sizeOf(node) });
    return node.edit({ attributes: new Map([...node.attributes, [regionAttribute, textAttribute(path)]]) });
  });
  if (files.length === 0) {
    throw new PermafrostError(
      'WRONG_FILE_KIND',
      `${source} has no weights in files, so there is nothing to relocate. ` +
        "Pass the folder, or its graph.pb, that a freeze with the layout 'mmap' wrote.",
    );
  }
  return { graph: graph.withNodes(nodes), files };
}

function fileName(node: GraphNode, source: string): string {
  const region = Buffer.from(readAttribute(node, regionAttribute)?.s ?? []).toString('utf8');
  if (basename(dirname(region)) === mmapWeights) return basename(region);
  throw new PermafrostError(
    'WRONG_FILE_KIND',
    `${source} maps node '${node.name}' from '${region}', which is no file in a folder '${mmapWeights}': ` +
      "only what the layout 'mmap' wrote can be relocated. A memmapped package needs no paths.",
  );
}

function sizeOf(node: GraphNode): number {
  const sizes = shapeSizes(readAttribute(node, 'shape')?.shape);
  return sizes.reduce((product, size) => product * size, elementSize(readType(node, 'dtype')) ?? 0);
}
