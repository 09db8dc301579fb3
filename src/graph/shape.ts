/** Shapes in attributes, read without objects around them: every variable has one. */
import { WireCursor } from '../proto/wire-cursor.js';
import { WireType } from '../proto/wire-schema.js';
import { tag } from '../proto/wire-writer.js';
import { decodingAttribute } from './attributes.js';
import type { GraphNode } from './node.js';

/** Of AttrValue.shape; of TensorShapeProto.dim and unknown_rank; of Dim.size. */
const tags = {
  shape: tag(7),
  dim: tag(2),
  unknownRank: tag(3, WireType.varint),
  size: tag(1, WireType.varint),
} as const;

/** TensorFlow has no tensors of more. */
export const mostDimensions = 254;

/** Of AttrValue.tensor; of TensorProto.dtype and tensor_shape. */
const tensorTags = { tensor: tag(8), dtype: tag(1, WireType.varint), shape: tag(2) } as const;

/**
 * The sizes in a shape attribute, negative for a dimension left open.
 * @returns undefined where the rank is left open, or where there is no such attribute.
 * @throws PermafrostError GRAPH_MALFORMED where the bytes are no AttrValue.
 */
export function readShape(node: GraphNode, name: string): number[] | undefined {
  const bytes = node.attribute(name);
  if (!bytes) return undefined;
  return decodingAttribute(node, name, () => shapeOf(new WireCursor(bytes, 0, bytes.length)));
}

function shapeOf(value: WireCursor): number[] | undefined {
  let sizes: number[] | undefined;
  let isOpen = false;
  while (!value.isAtEnd) {
    const next = value.varint();
    if (next !== tags.shape) {
      value.skip(next);
      continue;
    }
    sizes ??= [];
    isOpen = readDims(value.message(), sizes) ?? isOpen;
  }
  return isOpen ? undefined : sizes;
}

/** @returns whether the rank is left open, where that is told. @param most sizes that are read. */
function readDims(shape: WireCursor, sizes: number[], most: number = Number.POSITIVE_INFINITY): boolean | undefined {
  let isOpen: boolean | undefined;
  while (!shape.isAtEnd && sizes.length < most) {
    const field = shape.varint();
    if (field === tags.dim) sizes.push(sizeOf(shape.message()));
    else if (field === tags.unknownRank) isOpen = shape.int64() !== 0;
    else shape.skip(field);
  }
  return isOpen;
}

/** What is known of a constant before its elements are looked at. */
export interface ConstantForm {
  /** DataType number. */
  readonly dtype: number;
  readonly shape: readonly number[];
}

/**
 * Of a constant whose value is in the graph: its elements are passed over, however many there are.
 * @returns undefined where there is no value, or its shape has an open or negative size, or more than there may be.
 * @throws PermafrostError GRAPH_MALFORMED where the bytes are no AttrValue.
 */
export function constantForm(node: GraphNode): ConstantForm | undefined {
  const bytes = node.attribute('value');
  if (!bytes) return undefined;
  return decodingAttribute(node, 'value', () => formIn(new WireCursor(bytes, 0, bytes.length)));
}

function formIn(value: WireCursor): ConstantForm | undefined {
  let dtype = 0;
  const shape: number[] = [];
  let isTensor = false;
  while (!value.isAtEnd) {
    const member = value.varint();
    if (member !== tensorTags.tensor) {
      value.skip(member);
      continue;
    }
    isTensor = true;
    const tensor = value.message();
    while (!tensor.isAtEnd) {
      const field = tensor.varint();
      if (field === tensorTags.dtype) dtype = tensor.varint();
      else if (field === tensorTags.shape) readDims(tensor.message(), shape, mostDimensions + 1);
      else tensor.skip(field);
    }
  }
  return isTensor && shape.length <= mostDimensions && shape.every((size) => size >= 0) ? { dtype, shape } : undefined;
}

function sizeOf(dim: WireCursor): number {
  let size = 0;
  while (!dim.isAtEnd) {
    const field = dim.varint();
    if (field === tags.size) size = dim.int64();
    else dim.skip(field);
  }
  return size;
}
