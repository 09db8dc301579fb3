import { Tensor } from '../../evaluate/tensor.js';
import { encodeConstant } from '../../evaluate/tensor-proto.js';
import { typeAttribute } from '../../graph/attributes.js';
import { constantNode } from '../../graph/constant-node.js';
import { isControlInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { attributeOf } from '../../graph/op-signature.js';
import { elementSize } from '../../proto/data-types.js';
import type { Scope } from '../scope.js';

/** Of random ops: the attributes that say what type their shape has. */
const shapeTypes: readonly string[] = ['Tshape', 'shape_dtype', 'T'];

/**
 * Makes a random op one that gives as many zeros: what gradients alone read (dropout's mask, as a result of a function)
 * keeps its shape, since callers may say in `_output_shapes` what that is.
 */
export function drawZeros(scope: Scope, random: GraphNode): void {
  const dtype = attributeOf(random, 'dtype')?.type ?? 0;
  const size = elementSize(dtype);
  const shapeType = shapeTypes.flatMap((name) => attributeOf(random, name)?.type ?? [])[0];
  // The first input of a stateful one is its generator.
  const shape = random.inputs[random.op.startsWith('Stateful') ? 1 : 0];
  if (size === undefined || shapeType === undefined || shape === undefined) return;
  const name = scope.freeName(`${random.name}/zero`);
  scope.add(constantNode(name, dtype, encodeConstant(new Tensor(dtype, [], new Uint8Array(size)))));
  const inputs = [shape, name, ...random.inputs.filter(isControlInput)];
  const indexType = typeAttribute(shapeType);
  const attributes = new Map([
    ['T', typeAttribute(dtype)],
    ['index_type', indexType],
  ]);
  scope.replace(random.edit({ op: 'Fill', inputs, attributes }));
  scope.report(
    'dropout',
    random.name,
    `gives zeros, as Fill and not as ${random.op}: only gradients are computed from its numbers`,
  );
}
