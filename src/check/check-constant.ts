/** Whether a constant is of the type that it says, and has as many values as its shape needs. */
import type { GraphNode } from '../graph/node.js';
import { PayloadEncoding } from '../native.js';
import { valueField } from '../plan/tensor-form.js';
import { dataTypeName, elementSize } from '../proto/data-types.js';
import { decoding } from '../proto/decoding.js';
import { varintCount } from './attribute-value.js';
import type { Findings } from './finding.js';
import type { NodeAttributes } from './node-attributes.js';
import { type TensorLayout, tensorLayout, type ValueField } from './tensor-layout.js';

const constantOps: ReadonlySet<string> = new Set(['Const', 'HostConst']);

/** TensorFlow's limits for a shape. */
const maxRank = 254;
const maxElements = 2 ** 63;

export function checkConstant(node: GraphNode, attributes: NodeAttributes, findings: Findings): void {
  const value = constantOps.has(node.op) ? attributes.get('value') : undefined;
  if (value?.kind !== 'tensor') return;
  const tensor = decoding(
    () => `The value of node '${node.name}' (${node.op})`,
    () => tensorLayout(value.payload),
  );
  const declared = attributes.get('dtype');
  if (declared?.kind === 'type' && declared.number !== tensor.dtype) {
    findings.error(
      'CONSTANT_TYPE',
      node.name,
      `its attribute 'dtype' is ${dataTypeName(declared.number)}, and its value is ${dataTypeName(tensor.dtype)}`,
    );
  }
  // TensorFlow takes it for the shape of a scalar.
  if (!tensor.shape) findings.warning('CONSTANT_SHAPE', node.name, 'the shape of its value is of unknown rank');
  const { shape = [] } = tensor;
  const wrongShape = shapeFault(shape);
  if (wrongShape === undefined) checkSize(node, tensor, shape, findings);
  else findings.error('CONSTANT_SHAPE', node.name, `the shape of its value ${wrongShape}`);
}

function shapeFault(shape: readonly number[]): string | undefined {
  const text = `[${shape.join(', ')}]`;
  if (shape.length > maxRank) return `has ${shape.length} dimensions, more than ${maxRank}`;
  if (shape.some((size) => size < 0)) return `is ${text}, and no dimension of a value can be negative`;
  const elements = shape.filter((size) => size > 0).reduce((count, size) => count * size, 1);
  return elements >= maxElements ? `is ${text}, more elements than can be counted` : undefined;
}

function checkSize(node: GraphNode, tensor: TensorLayout, shape: readonly number[], findings: Findings): void {
  const { dtype, contentLength } = tensor;
  const elements = shape.reduce((count, size) => count * size, 1);
  const what = `a ${dataTypeName(dtype)} of shape [${shape.join(', ')}]`;
  const size = elementSize(dtype);
  if (contentLength > 0) {
    if (size === undefined || contentLength === elements * size) return;
    const wanted = `${elements * size} bytes of values, and it has ${contentLength}`;
    findings.error('CONSTANT_SIZE', node.name, `its value, ${what}, needs ${wanted}`);
    return;
  }
  const form = valueField(dtype);
  const values = form && tensor.values.get(form.field);
  if (!form || !values) return;
  // Fewer values than elements are as good: the last stands for all that follow.
  if (!isMoreThan(elements, values, form.encoding, size ?? 1)) return;
  findings.warning('CONSTANT_SIZE', node.name, `its value, ${what}, has more values than its ${elements} elements`);
}

/** Counts only where it must: no varint is shorter than a byte. */
function isMoreThan(
  elements: number,
  { single, payloads }: ValueField,
  encoding: PayloadEncoding,
  size: number,
): boolean {
  if (encoding === PayloadEncoding.strings) return payloads.length > elements;
  const bytes = payloads.reduce((sum, payload) => sum + payload.length, 0);
  if (encoding === PayloadEncoding.raw) return single + bytes / size > elements;
  if (single + bytes <= elements) return false;
  return single + payloads.reduce((sum, payload) => sum + varintCount(payload), 0) > elements;
}
