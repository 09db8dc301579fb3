/** How large the outputs of nodes are, as far as the graph says. */
import { readAttribute, shapeSizes } from '../graph/attributes.js';
import type { GraphNode } from '../graph/node.js';
import { StoredTensor } from '../graph/stored-tensor.js';
import { elementSize } from '../proto/data-types.js';
import type { TensorShapeProto } from '../proto/types.js';

/** Attributes that hold the shape of the one output that these ops have. */
const shapeAttributes: ReadonlyMap<string, string> = new Map([
  ['Placeholder', 'shape'],
  ['PlaceholderWithDefault', 'shape'],
  ['ImmutableConst', 'shape'],
]);

/**
 * Bytes of an output, at least: dimensions that are open count as 1.
 * @param dtype DataType number of the output.
 * @returns 0 where nothing is known.
 */
export function tensorBytes(node: GraphNode, port: number, dtype: number): number {
  const size = elementSize(dtype);
  const shape = size === undefined ? undefined : shapeOf(node, port);
  if (shape === undefined || size === undefined) return 0;
  return shape.reduce((bytes, dimension) => bytes * (dimension < 0 ? 1 : dimension), size);
}

/** -1 for a dimension that is open; undefined where the rank is open too, or nothing is said. */
export function shapeOf(node: GraphNode, port: number): readonly number[] | undefined {
  if (node.op === 'Const') {
    const value = node.get('value');
    if (value instanceof StoredTensor) return value.shape;
    return sizes(readAttribute(node, 'value')?.tensor?.tensor_shape ?? {});
  }
  const attribute = shapeAttributes.get(node.op);
  if (attribute !== undefined) return sizes(readAttribute(node, attribute)?.shape);
  return sizes(readAttribute(node, '_output_shapes')?.list?.shape?.[port]);
}

function sizes(shape: TensorShapeProto | null | undefined): readonly number[] | undefined {
  return shape && !shape.unknown_rank ? shapeSizes(shape) : undefined;
}
