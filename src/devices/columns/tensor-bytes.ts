/** How large the outputs of nodes are, as far as the graph says. */
import { readAttribute, shapeSizes } from '../../graph/attributes.js';
import type { GraphNode } from '../../graph/node.js';
import { StoredTensor } from '../../graph/stored-tensor.js';
import { elementSize } from '../../proto/data-types.js';
import type { TensorShapeProto } from '../../proto/types.js';

/** Attributes that hold the shape of the one output that these ops have. */
const shapeAttributes: ReadonlyMap<string, string> = new Map([
  ['Placeholder', 'shape'],
  ['PlaceholderWithDefault', 'shape'],
  ['ImmutableConst', 'shape'],
]);

/** By output. */
type Shapes = readonly (readonly number[] | undefined)[];

/** Of `_output_shapes`, by its bytes: graphs have many nodes and few shapes. */
export type DecodedShapes = Map<string, Shapes>;

/**
 * Bytes of an output, at least: dimensions that are open count as 1.
 * @param dtype DataType number of the output.
 * @param decoded keeps what was decoded, from one node to the next.
 * @returns 0 where nothing is known.
 */
export function tensorBytes(node: GraphNode, port: number, dtype: number, decoded: DecodedShapes = new Map()): number {
  const size = elementSize(dtype);
  const shape = size === undefined ? undefined : shapeOf(node, port, decoded);
  if (shape === undefined || size === undefined) return 0;
  return shape.reduce((bytes, dimension) => bytes * (dimension < 0 ? 1 : dimension), size);
}

/** -1 for a dimension that is open; undefined where the rank is open too, or nothing is said. */
export function shapeOf(
  node: GraphNode,
  port: number,
  decoded: DecodedShapes = new Map(),
): readonly number[] | undefined {
  if (node.op === 'Const') {
    const value = node.get('value');
    if (value instanceof StoredTensor) return value.shape;
    return sizes(readAttribute(node, 'value')?.tensor?.tensor_shape ?? {});
  }
  const attribute = shapeAttributes.get(node.op);
  if (attribute !== undefined) return sizes(readAttribute(node, attribute)?.shape);
  return outputShapes(node, decoded)[port];
}

function outputShapes(node: GraphNode, decoded: DecodedShapes): Shapes {
  const bytes = node.attribute('_output_shapes');
  if (!bytes) return [];
  const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const known = decoded.get(key);
  if (known) return known;
  const shapes = readAttribute(node, '_output_shapes')?.list?.shape?.map(sizes) ?? [];
  decoded.set(key, shapes);
  return shapes;
}

function sizes(shape: TensorShapeProto | null | undefined): readonly number[] | undefined {
  return shape && !shape.unknown_rank ? shapeSizes(shape) : undefined;
}
