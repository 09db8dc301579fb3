// Writes GraphDefs from scratch, as TensorFlow's Python would export them, so that the benchmarks need no TensorFlow.
import { field, message, varint } from '../test/support/write-bundle.mjs';

export const float32 = 1;
const int32 = 3;
const string = 7;

/** AttrValues. */
export const attribute = {
  type: (dtype) => number(6, dtype),
  types: (dtypes) => message(1, message(6, Buffer.concat(dtypes.map(varint)))),
  int: (value) => number(3, value),
  bool: (value) => number(5, value ? 1 : 0),
  text: (value) => message(2, Buffer.from(value)),
  shape: (sizes) => message(7, shape(sizes)),
  shapes: (list) => message(1, Buffer.concat(list.map((sizes) => message(7, shape(sizes))))),
  /** Of `_class`. */
  colocation: (node) => message(1, message(2, Buffer.from(`loc:@${node}`))),
};

/** Attributes of the constant vectors that a graph needs. */
export const constants = {
  int32: (values) => constant(int32, values.length, message(7, Buffer.concat(values.map(varint)))),
  strings: (values) =>
    constant(string, values.length, Buffer.concat(values.map((text) => message(8, Buffer.from(text))))),
};

/** A node as an entry of GraphDef.node; attributes in the order that TensorFlow sorts them in. */
export function node(name, op, inputs, attributes) {
  const parts = [message(1, Buffer.from(name)), message(2, Buffer.from(op))];
  for (const input of inputs) parts.push(message(3, Buffer.from(input)));
  for (const key of Object.keys(attributes).sort()) {
    parts.push(message(5, Buffer.concat([message(1, Buffer.from(key)), message(2, attributes[key])])));
  }
  return message(1, Buffer.concat(parts));
}

/** A GraphDef of encoded nodes. */
export function graph(nodes) {
  return Buffer.concat([...nodes, message(4, number(1, 2695))]);
}

/** The node of a float32 variable, and the one that reads it. */
export function variableNodes(name, shape) {
  const around = { _class: attribute.colocation(name), _output_shapes: attribute.shapes([shape]) };
  const none = attribute.text('');
  const held = { container: none, dtype: attribute.type(float32), shape: attribute.shape(shape), shared_name: none };
  return [
    node(name, 'VariableV2', [], { ...around, ...held }),
    node(`${name}/read`, 'Identity', [name], { ...around, T: attribute.type(float32) }),
  ];
}

function number(id, value) {
  return Buffer.concat([field(id, 0), varint(value)]);
}

function shape(sizes) {
  return Buffer.concat(sizes.map((size) => message(2, number(1, size))));
}

function constant(dtype, length, values) {
  const tensor = Buffer.concat([number(1, dtype), message(2, shape([length])), values]);
  return { dtype: attribute.type(dtype), value: message(8, tensor) };
}
