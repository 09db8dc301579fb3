/** Shapes in attributes, read without objects around them: every variable has one. */
import { decoding } from '../proto/decoding.js';
import { WireCursor } from '../proto/wire-cursor.js';
import { WireType } from '../proto/wire-schema.js';
import { tag } from '../proto/wire-writer.js';
import type { GraphNode } from './node.js';

/** Of AttrValue.shape; of TensorShapeProto.dim and unknown_rank; of Dim.size. */
const tags = {
  shape: tag(7),
  dim: tag(2),
  unknownRank: tag(3, WireType.varint),
  size: tag(1, WireType.varint),
} as const;

/**
 * The sizes in a shape attribute, negative for a dimension left open.
 * @returns undefined where the rank is left open, or where there is no such attribute.
 * @throws PermafrostError GRAPH_MALFORMED where the bytes are no AttrValue.
 */
export function readShape(node: GraphNode, name: string): number[] | undefined {
  const bytes = node.attribute(name);
  if (!bytes) return undefined;
  return decoding(
    () => `Attribute '${name}' of node '${node.name}' (${node.op})`,
    () => shapeOf(new WireCursor(bytes, 0, bytes.length)),
  );
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
    const shape = value.message();
    while (!shape.isAtEnd) {
      const field = shape.varint();
      if (field === tags.dim) sizes.push(sizeOf(shape.message()));
      else if (field === tags.unknownRank) isOpen = shape.int64() !== 0;
      else shape.skip(field);
    }
  }
  return isOpen ? undefined : sizes;
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
