/** What a function notes of its arguments' shapes: for a handle, its own; for the value in its place, unknown. */
import type { GraphFunction } from '../../graph/function.js';
import { decoding } from '../../proto/decoding.js';
import { type AttrValue, messageType, type TensorShapeProto } from '../../proto/types.js';
import { bytesField, readFields } from '../../proto/wire-fields.js';
import { entryFields } from '../../proto/wire-writer.js';

const unknown: TensorShapeProto = { unknown_rank: true };

/** Field number of ArgAttrs. */
const attributes = 1;

/**
 * @param changed numbers of the arguments that carry something else now.
 * @throws PermafrostError GRAPH_MALFORMED where the notes cannot be decoded.
 */
export function forgetShapes(given: GraphFunction, changed: Iterable<number>, tfParity: boolean): GraphFunction {
  const ofAll = new Map(given.attributes);
  const ofEach = new Map(given.argumentAttributes);
  const forget = (index: number): void => {
    const shapes = ofAll.get('_input_shapes');
    if (shapes) ofAll.set('_input_shapes', withUnknown(shapes, index));
    const own = ofEach.get(index);
    if (own) ofEach.set(index, withUnknownOutput(own));
    // TensorFlow's tool leaves this behind by looking for it.
    else if (tfParity) ofEach.set(index, new Uint8Array(0));
  };
  decoding(
    () => `What the function '${given.name}' says of its arguments' shapes`,
    () => [...changed].forEach(forget),
  );
  return given.edit({ attributes: ofAll, argumentAttributes: ofEach });
}

/** A list of shapes with one of them unknown. */
function withUnknown(value: Uint8Array, index: number): Uint8Array {
  const type = messageType('AttrValue');
  const shapes = [...((type.decode(value) as AttrValue).list?.shape ?? [])];
  if (!(index in shapes)) return value;
  shapes[index] = unknown;
  return type.encode({ list: { shape: shapes } }).finish();
}

/** ArgAttrs whose `_output_shapes` are unknown. */
function withUnknownOutput(argument: Uint8Array): Uint8Array {
  return Buffer.concat(
    readFields(argument).map(({ number, payload, bytes }) => {
      if (number !== attributes || !payload) return bytes;
      const entry = readFields(payload);
      const [key] = entry.filter((field) => field.number === entryFields.key);
      if (key?.payload && Buffer.from(key.payload).toString() !== '_output_shapes') return bytes;
      const changed = entry.map((field) =>
        field.number === entryFields.value && field.payload
          ? bytesField(entryFields.value, withUnknown(field.payload, 0))
          : field.bytes,
      );
      return bytesField(attributes, Buffer.concat(changed));
    }),
  );
}
