import { describe, expect, it } from 'vitest';
import { planGraph } from '../../src/plan/graph-plan.js';
import { encode, float, graphDef, graphOf, type NodeLiteral, placeholder, typeAttr } from '../support/graph-def.js';

const tensor = (content: Buffer): object => ({
  dtype: float,
  tensor_shape: { dim: [{ size: content.length / 4 }] },
  tensor_content: content,
});

/** @param more attributes. */
function constant(content: Buffer, more: Readonly<Record<string, object>> = {}): NodeLiteral {
  const attr = { dtype: typeAttr(float), value: { tensor: tensor(content) }, ...more };
  return { name: 'w', op: 'Const', input: ['^x'], device: '/cpu:0', attr };
}

/** What is written of a graph in which a pass has replaced the value of `w`. */
function written(node: NodeLiteral, value: Uint8Array): { bytes: Buffer; segments: readonly unknown[] } {
  const read = graphOf([placeholder('x'), node]);
  const edited = read.mapNodes((each) => (each.name === 'w' ? each.edit({ set: { value } }) : each));
  const { segments, size } = planGraph(edited, () => 0);
  const bytes = Buffer.concat(segments as Uint8Array[]);
  expect(bytes.length).toBe(size);
  return { bytes, segments };
}

describe('a large constant that a pass has made', () => {
  const content = Buffer.alloc(100_000, 'abc');
  const value = encode('AttrValue', { tensor: tensor(content) });

  it('is written as any other, and not copied', () => {
    const { bytes, segments } = written(constant(Buffer.alloc(8)), value);
    // TensorFlow writes library and versions even where they are empty.
    expect(bytes.equals(graphDef([placeholder('x'), constant(content)], { library: {}, versions: {} }))).toBe(true);
    expect(segments.includes(value)).toBe(true);
  });

  it('stands among its attributes in their order', () => {
    const more = { zone: { s: Buffer.from('z') } };
    const { bytes } = written(constant(Buffer.alloc(8), more), value);
    expect(bytes.equals(graphDef([placeholder('x'), constant(content, more)], { library: {}, versions: {} }))).toBe(
      true,
    );
    expect(bytes.indexOf('zone')).toBeGreaterThan(bytes.indexOf('value'));
  });

  it('takes its canonical form', () => {
    const twisted = encode('TensorProto', { tensor_content: content });
    const head = encode('TensorProto', { dtype: float, tensor_shape: { dim: [{ size: content.length / 4 }] } });
    const other = encode('AttrValue', { tensor: {} });
    expect([...other]).toEqual([0x42, 0]);
    const length: number[] = [];
    for (let left = twisted.length + head.length; left > 0; left >>>= 7)
      length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    const { bytes } = written(
      constant(Buffer.alloc(8)),
      Buffer.concat([Uint8Array.of(0x42, ...length), twisted, head]),
    );
    expect(bytes.equals(graphDef([placeholder('x'), constant(content)], { library: {}, versions: {} }))).toBe(true);
  });
});
