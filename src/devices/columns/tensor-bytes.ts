/** How large the outputs of nodes are, as far as the graph says. */
import { readAttribute, readType, shapeSizes } from '../../graph/attributes.js';
import type { GraphNode } from '../../graph/node.js';
import { constantForm } from '../../graph/shape.js';
import { StoredTensor } from '../../graph/stored-tensor.js';
import { elementSize } from '../../proto/data-types.js';
import type { TensorShapeProto } from '../../proto/types.js';
import { ByteMap } from './byte-map.js';

/** Attributes that hold the shape of the one output that these ops have. */
const shapeAttributes: ReadonlyMap<string, string> = new Map([
  ['Placeholder', 'shape'],
  ['PlaceholderWithDefault', 'shape'],
  ['ImmutableConst', 'shape'],
]);

/** Sizes of dimensions, -1 for one that is open; undefined where the rank is open too, or nothing is said. */
export type Shape = readonly number[] | undefined;

/** Bytes of a constant's value; 0 where nothing is known. */
export function constantBytes(node: GraphNode): number {
  return tensorBytes(constantShape(node), readType(node, 'dtype'));
}

export function constantShape(node: GraphNode): Shape {
  const value = node.get('value');
  if (value instanceof StoredTensor) return value.shape;
  // The elements are passed over, however many there are.
  return constantForm(node)?.shape ?? sizes(readAttribute(node, 'value')?.tensor?.tensor_shape ?? {});
}

/**
 * Bytes of a tensor, at least: dimensions that are open count as 1.
 * @param dtype its DataType number.
 * @returns 0 where nothing is known.
 */
export function tensorBytes(shape: Shape, dtype: number): number {
  const size = elementSize(dtype);
  if (shape === undefined || size === undefined) return 0;
  return shape.reduce((bytes, dimension) => bytes * (dimension < 0 ? 1 : dimension), size);
}

/** The shapes of outputs. What was decoded is kept: graphs have many nodes and few shapes. */
export class DecodedShapes {
  readonly #lists = new ByteMap<readonly Shape[]>();

  /** By output. */
  of(node: GraphNode): readonly Shape[] {
    if (node.op === 'Const') return [constantShape(node)];
    const attribute = shapeAttributes.get(node.op);
    if (attribute !== undefined) return [sizes(readAttribute(node, attribute)?.shape)];
    const bytes = node.attribute('_output_shapes');
    if (!bytes) return [];
    return this.#lists.get(bytes, () => readAttribute(node, '_output_shapes')?.list?.shape?.map(sizes) ?? []);
  }
}

function sizes(shape: TensorShapeProto | null | undefined): Shape {
  return shape && !shape.unknown_rank ? shapeSizes(shape) : undefined;
}
