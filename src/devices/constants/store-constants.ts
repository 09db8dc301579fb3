/** Constants in the types that the targets want which they are on: the NPU's cores compute in float16. */
import { readType } from '../../graph/attributes.js';
import type { GraphNode } from '../../graph/node.js';
import { StoredTensor } from '../../graph/stored-tensor.js';
import { wantedConstant } from '../../native.js';
import type { StoredWeight } from '../../passes/store-weights.js';
import { isLarge } from '../../passes/weights/weight-rules.js';
import { DataType, dataTypeName, isDataType } from '../../proto/data-types.js';
import type { Body } from '../columns/bodies.js';
import { constantShape } from '../columns/tensor-bytes.js';
import type { Placed } from '../place-graph.js';

/** A constant that is stored in the type that its device wants. */
export interface StoredConstant {
  readonly constant: string;
  readonly device: string;
  readonly storedAs: string;
}

/** Large constants that a device wants in another type than they are in. */
export interface UnmetWish {
  readonly device: string;
  readonly type: string;
  readonly wanted: string;
  readonly reason: string;
  /** The function that they are in; undefined: the main graph. */
  readonly function: string | undefined;
  readonly constants: readonly string[];
}

export interface ConstantTypes {
  /** By the names of constants of the main graph. */
  readonly weights: ReadonlyMap<string, StoredWeight>;
  readonly stored: readonly StoredConstant[];
  readonly unmet: readonly UnmetWish[];
}

/** The conversions of float32 that a Cast undoes. */
const conversions: ReadonlyMap<number, 'float16' | 'bfloat16'> = new Map([
  [DataType.float16, 'float16'],
  [DataType.bfloat16, 'bfloat16'],
]);

/** @param isRefused whether a constant of the main graph cannot be restored on its device. */
export function wantedTypes(placed: Placed, isRefused: (constant: string) => boolean): ConstantTypes {
  const weights = new Map<string, StoredWeight>();
  const stored: StoredConstant[] = [];
  const unmet = new Map<string, UnmetWish & { readonly constants: string[] }>();
  for (const { node, body, device, target } of largeConstants(placed)) {
    const dtype = readType(node, 'dtype');
    // A damaged graph may have any number there.
    const wanted = isDataType(dtype) ? wantedConstant(target, dtype).dtype : dtype;
    if (wanted === dtype) continue;
    const type = dtype === DataType.float32 ? conversions.get(wanted) : undefined;
    const value = node.get('value');
    if (type && value instanceof StoredTensor && !isRefused(node.name)) {
      weights.set(node.name, { tensor: value.as({ type }), scaleShape: undefined });
      stored.push({ constant: node.name, device, storedAs: type });
      continue;
    }
    const reason = !type
      ? 'only float32 is stored as float16 or bfloat16'
      : value instanceof StoredTensor
        ? `${device} cannot restore it`
        : 'its value does not come from the checkpoint';
    const wish = { device, type: dataTypeName(dtype), wanted: dataTypeName(wanted), reason, function: body.function };
    const key = JSON.stringify(wish);
    const known = unmet.get(key) ?? { ...wish, constants: [] };
    known.constants.push(node.name);
    unmet.set(key, known);
  }
  return { weights, stored, unmet: [...unmet.values()] };
}

interface PlacedConstant {
  readonly node: GraphNode;
  readonly body: Body;
  readonly device: string;
  readonly target: string;
}

function* largeConstants({ columns, devices, result, placed }: Placed): Generator<PlacedConstant> {
  for (const body of columns.bodies) {
    for (const [position, node] of body.nodes.entries()) {
      const target = devices.list[result.devices[body.first + position] as number]?.target;
      const shape = node.op === 'Const' && target !== undefined ? constantShape(node) : undefined;
      if (!shape || target === undefined) continue;
      const elementCount = shape.reduce((count, size) => count * size, 1);
      if (isLarge({ shape, elementCount })) {
        yield { node, body, device: placed[body.first + position] as string, target };
      }
    }
  }
}
