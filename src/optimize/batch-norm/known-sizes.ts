/** What is known of a shape that is put together when the graph runs, as the end of a product over sequences is. */
import { integers } from '../../evaluate/shapes.js';
import { readSmallConstant } from '../../evaluate/small-constant.js';
import { parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { constantForm } from '../../graph/shape.js';

/** Undefined for a size that only a run tells. */
export type KnownSize = number | undefined;

/** Shapes are put together in one or two steps, of a few sizes. */
const mostDepth = 8;
const mostAxes = 16;

/** @returns undefined where not even the number of axes is known. */
export function knownSizes(input: string, graph: Graph, depth = 0): readonly KnownSize[] | undefined {
  const { node: name, port } = parseInput(input);
  const node = port === 0 && depth < mostDepth ? graph.byName.get(name) : undefined;
  if (node?.op === 'Const') return constantSizes(node);
  if (node?.op === 'Identity') return knownSizes(node.inputs[0] ?? '', graph, depth + 1);
  // Sizes of another tensor, as many as there are axes asked for.
  if (node?.op === 'Gather' || node?.op === 'GatherV2') {
    const axes = knownSizes(node.inputs[1] ?? '', graph, depth + 1);
    return axes?.map(() => undefined);
  }
  return node?.op === 'ConcatV2' ? concatenated(node, graph, depth) : undefined;
}

function concatenated({ inputs }: GraphNode, graph: Graph, depth: number): readonly KnownSize[] | undefined {
  const sizes: KnownSize[] = [];
  for (const part of inputs.slice(0, -1)) {
    const known = knownSizes(part, graph, depth + 1);
    // Each part brings one at least, so few are looked at.
    if (!known || known.length === 0 || sizes.length + known.length > mostAxes) return undefined;
    sizes.push(...known);
  }
  return sizes;
}

/** Of a vector in the graph; -1 stands for what is left. */
function constantSizes(node: GraphNode): readonly KnownSize[] | undefined {
  const [count = Number.POSITIVE_INFINITY, ...more] = constantForm(node)?.shape ?? [];
  if (more.length > 0 || count > mostAxes) return undefined;
  return integers(readSmallConstant(node))?.map((size) => (size < 0 ? undefined : size));
}
