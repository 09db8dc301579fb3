// Options that are undefined are as good as not given, for the types too, whatever a user's compiler makes of `?`.
import { expect, expectTypeOf, it } from 'vitest';
import type {
  CheckOptions,
  FreezeGraphExtras,
  FreezeGraphOptions,
  FreezeOptions,
  InputCut,
  LimitOptions,
  OpenCheckpoint,
  OpenCheckpointOptions,
  PlaceRule,
  ReadOptions,
  RelocateOptions,
  StreamOptions,
  SuggestOptions,
  VerifyOptions,
} from '../../src/index.js';
import { freeze } from '../support/freeze.js';
import { smallModel } from '../support/model.js';

/** The optional properties that may not be undefined; this project's compiler keeps the two apart. */
type Refusing<T> = {
  [Key in keyof T]-?: Record<never, never> extends Pick<T, Key>
    ? undefined extends Required<T>[Key]
      ? never
      : Key
    : never;
}[keyof T];

it('have types that say so', () => {
  expectTypeOf<Refusing<{ a?: number; b?: number | undefined; c: number }>>().toEqualTypeOf<'a'>();
  expectTypeOf<Refusing<FreezeOptions>>().toBeNever();
  expectTypeOf<Refusing<FreezeGraphOptions>>().toBeNever();
  expectTypeOf<Refusing<FreezeGraphExtras>>().toBeNever();
  expectTypeOf<Refusing<CheckOptions>>().toBeNever();
  expectTypeOf<Refusing<SuggestOptions>>().toBeNever();
  expectTypeOf<Refusing<RelocateOptions>>().toBeNever();
  expectTypeOf<Refusing<LimitOptions>>().toBeNever();
  expectTypeOf<Refusing<InputCut>>().toBeNever();
  expectTypeOf<Refusing<PlaceRule>>().toBeNever();
  expectTypeOf<Refusing<OpenCheckpointOptions>>().toBeNever();
  expectTypeOf<Refusing<ReadOptions>>().toBeNever();
  expectTypeOf<Refusing<StreamOptions>>().toBeNever();
  expectTypeOf<Refusing<VerifyOptions>>().toBeNever();
  expectTypeOf<Parameters<OpenCheckpoint['read']>[1]>().toEqualTypeOf<ReadOptions | undefined>();
});

it('change nothing, nor do undefined limits and conditions of rules', async () => {
  const { graph, checkpoint, out } = smallModel();
  const { bytes } = await freeze({ graph, checkpoint, outputs: 'y', out });
  const undefinedOnes = { inference: undefined, inline: undefined, limits: { nodes: undefined }, signal: undefined };
  expect((await freeze({ graph, checkpoint, outputs: 'y', out, ...undefinedOnes })).bytes).toBe(bytes);
  const placeRules = [{ name: 'y', regex: undefined, op: undefined, scope: undefined, device: 'cpu:0' }];
  const { placement } = await freeze({ graph, checkpoint, outputs: 'y', out, placeRules });
  expect(placement).toBeDefined();
});
