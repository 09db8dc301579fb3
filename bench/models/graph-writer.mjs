// Writes GraphDefs from scratch, as TensorFlow's Python would export them, so that the benchmarks need no TensorFlow. Of each
// node there is also what it is once its graph is frozen, so that the expected file is known without the code under test.
import { field, message, varint } from '../../test/support/write-bundle.mjs';

export const float32 = 1;
const string = 7;

/**
 * A node as a field of GraphDef.
 * @typedef {object} GraphNode
 * @property {Buffer} exported
 * @property {Buffer | undefined} frozen undefined for a node that the outputs do not need
 * @property {boolean} [isVariable] whether the bytes of the next tensor follow on `frozen`
 */

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

/** Attributes of a constant vector. */
export function strings(values) {
  const elements = Buffer.concat(values.map((text) => message(8, Buffer.from(text))));
  const tensor = Buffer.concat([number(1, string), message(2, shape([values.length])), elements]);
  return { dtype: attribute.type(string), value: message(8, tensor) };
}

/**
 * A node that is the same in the frozen graph.
 * @returns {GraphNode}
 */
export function node(name, op, inputs, attributes) {
  const exported = message(1, nodeDef(name, op, inputs, attributes));
  return { exported, frozen: exported };
}

/**
 * A node that the outputs do not need.
 * @returns {GraphNode}
 */
export function unneeded(name, op, inputs, attributes) {
  return { exported: node(name, op, inputs, attributes).exported, frozen: undefined };
}

/**
 * The node of a float32 variable, and the one that reads it.
 * @returns {GraphNode[]}
 */
export function variableNodes(name, sizes) {
  const type = attribute.type(float32);
  const colocation = { _class: attribute.colocation(name) };
  const around = { ...colocation, _output_shapes: attribute.shapes([sizes]) };
  const none = attribute.text('');
  const held = { container: none, dtype: type, shape: attribute.shape(sizes), shared_name: none };
  const variable = node(name, 'VariableV2', [], { ...around, ...held });
  const read = node(`${name}/read`, 'Identity', [name], { ...around, T: type });
  const frozenRead = node(`${name}/read`, 'Identity', [name], { ...colocation, T: type });
  return [
    { exported: variable.exported, frozen: startOfConstant(name, sizes), isVariable: true },
    { exported: read.exported, frozen: frozenRead.frozen },
  ];
}

const versions = message(4, number(1, 2695));

/** What follows on the nodes. A frozen graph has a library too, an empty one. */
export const end = { exported: versions, frozen: Buffer.concat([message(2, Buffer.alloc(0)), versions]) };

/** Attributes in the order that TensorFlow sorts them in. */
function nodeDef(name, op, inputs, attributes) {
  const parts = [message(1, Buffer.from(name)), message(2, Buffer.from(op))];
  for (const input of inputs) parts.push(message(3, Buffer.from(input)));
  for (const key of Object.keys(attributes).sort()) {
    parts.push(message(5, Buffer.concat([message(1, Buffer.from(key)), message(2, attributes[key])])));
  }
  return Buffer.concat(parts);
}

/** A float32 Const up to its content, which is the last thing in it: each message around it says a length that has it in. */
function startOfConstant(name, sizes) {
  const bytes = sizes.reduce((product, size) => product * size, 4);
  const open = (id, start, inner) => Buffer.concat([start, field(id, 2), varint(inner.length + bytes), inner]);
  const content = open(4, Buffer.concat([number(1, float32), message(2, shape(sizes))]), Buffer.alloc(0));
  const value = open(8, Buffer.alloc(0), content);
  const entry = open(2, message(1, Buffer.from('value')), value);
  const before = nodeDef(name, 'Const', [], { dtype: attribute.type(float32) });
  return open(1, Buffer.alloc(0), open(5, before, entry));
}

function number(id, value) {
  return Buffer.concat([field(id, 0), varint(value)]);
}

function shape(sizes) {
  return Buffer.concat(sizes.map((size) => message(2, number(1, size))));
}
