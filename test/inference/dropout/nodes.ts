/** Nodes that forms of dropout are made of. */
import { float, type NodeLiteral, typeAttr } from '../../support/graph-def.js';

/** A number, float32. */
export function constant(name: string, value: number): NodeLiteral {
  const tensor = { dtype: float, tensor_shape: {}, float_val: [value] };
  return { name, op: 'Const', attr: { dtype: typeAttr(float), value: { tensor } } };
}

/** Random numbers of the shape that `x` has. */
export function drawn(op: string, name: string): NodeLiteral {
  return { name, op, input: ['x'], attr: { dtype: typeAttr(float) } };
}

export function compare(op: string, name: string, left: string, right: string): NodeLiteral {
  return { name, op, input: [left, right], attr: { T: typeAttr(float) } };
}
