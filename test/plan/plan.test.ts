import { describe, expect, it } from 'vitest';
import { PlanBuilder } from '../../src/plan/plan.js';
import { stored } from '../support/stored.js';

const segment = { tensor: stored('w'), encoding: 0, size: 8 } as const;

function textOf(segments: readonly unknown[]): string[] {
  return segments.map((each) => (each instanceof Uint8Array ? Buffer.from(each).toString('latin1') : 'tensor'));
}

describe('a plan', () => {
  it('keeps the order of literals and tensors and adds up their sizes', () => {
    const plan = new PlanBuilder();
    plan.literal(Buffer.from('ab'));
    plan.tensor(segment);
    plan.literal(Buffer.from('c'));
    const { segments, size } = plan.finish();
    expect([textOf(segments), size]).toEqual([['ab', 'tensor', 'c'], 11]);
  });
  it('makes one segment of neighbouring literals', () => {
    const plan = new PlanBuilder();
    for (const text of ['a', '', 'b', 'c']) plan.literal(Buffer.from(text));
    expect(textOf(plan.finish().segments)).toEqual(['abc']);
  });
  it('makes few segments of very many small literals', () => {
    const plan = new PlanBuilder();
    for (let at = 0; at < 3000; at++) plan.literal(Buffer.alloc(1000, at & 0xff));
    const { segments, size } = plan.finish();
    expect([segments.length, size]).toEqual([3, 3_000_000]);
    expect(Buffer.concat(segments as Uint8Array[]).every((byte, at) => byte === (Math.floor(at / 1000) & 0xff))).toBe(
      true,
    );
  });
  it('does not join views that leave something out', () => {
    const source = Buffer.from('abcdef');
    const plan = new PlanBuilder();
    plan.literal(source.subarray(0, 2));
    plan.literal(source.subarray(4, 6));
    plan.literal(source.subarray(2, 4));
    expect(textOf(plan.finish().segments)).toEqual(['abefcd']);
  });
  it('does not copy large literals to join them with small ones', () => {
    const large = Buffer.alloc(70_000, 'L');
    const plan = new PlanBuilder();
    for (const bytes of [Buffer.from('a'), Buffer.from('b'), large, Buffer.from('c')]) plan.literal(bytes);
    const { segments, size } = plan.finish();
    expect([segments.length, segments[1] === large, size]).toEqual([3, true, 70_003]);
  });
  it('of nothing is empty', () => expect(new PlanBuilder().finish()).toEqual({ segments: [], size: 0, files: [] }));

  it('is cut into files, which take on what was planned elsewhere', () => {
    const inner = new PlanBuilder();
    inner.literal(new Uint8Array(3));
    const plan = new PlanBuilder();
    plan.literal(new Uint8Array(2));
    plan.endFile('a');
    plan.append(inner.finish());
    plan.literal(new Uint8Array(1));
    plan.endFile('b');
    expect(plan.finish()).toMatchObject({
      size: 6,
      files: [
        { path: 'a', size: 2 },
        { path: 'b', size: 4 },
      ],
    });
  });
});
