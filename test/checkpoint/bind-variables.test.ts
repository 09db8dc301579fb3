import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bindVariables } from '../../src/checkpoint/bind-variables.js';
import { Checkpoint } from '../../src/checkpoint/checkpoint.js';
import type { VariableMap } from '../../src/checkpoint/variable-map.js';
import type { PermafrostError } from '../../src/errors.js';
import { variablesOf } from '../../src/graph/variables.js';
import { failure } from '../support/failure.js';
import { temporaryFolder } from '../support/folder.js';
import {
  float,
  graphOf,
  handleVariable,
  identity,
  int32Type,
  type NodeLiteral,
  refVariable,
  shapeAttr,
  stringTensor,
  textAttr,
  typeAttr,
  unknownRank,
} from '../support/graph-def.js';
import { writeBundle } from '../support/write-bundle.mjs';

/** A checkpoint of float32 vectors [0, 0] under these keys. */
function checkpointOf(...keys: string[]): Promise<Checkpoint> {
  const prefix = join(temporaryFolder(), 'model.ckpt');
  writeBundle(
    prefix,
    keys.map((key) => ({ key, dtype: float, shape: [2], bytes: Buffer.alloc(8) })),
  );
  return Checkpoint.open(prefix);
}

async function bind(
  nodes: NodeLiteral[],
  checkpoint: Checkpoint,
  restoreOp?: string,
  outputs = ['y'],
  map: VariableMap = new Map(),
): Promise<Record<string, string>> {
  const graph = graphOf(nodes);
  const bound = await bindVariables(variablesOf(graph), {
    checkpoint,
    graph,
    pruned: graph,
    outputs,
    restoreOp,
    map,
    slices: new Map(),
    objects: new Uint8Array(0),
  });
  return Object.fromEntries([...bound].map(([name, { key }]) => [name, key]));
}

async function refusal(nodes: NodeLiteral[], checkpoint: Checkpoint, outputs?: string[]): Promise<PermafrostError> {
  return failure(() => bind(nodes, checkpoint, undefined, outputs));
}

/** A Saver that restores `key` into the variable `v`. */
const saver = (scope: string, key: string): NodeLiteral[] => [
  { name: `${scope}/names`, op: 'Const', attr: { value: stringTensor(key) } },
  { name: `${scope}/restore`, op: 'RestoreV2', input: [`${scope}/names`, `${scope}/names`] },
  { name: `${scope}/set`, op: 'Assign', input: ['v', `${scope}/restore`] },
  { name: `${scope}/all`, op: 'NoOp', input: [`^${scope}/set`] },
];

describe('a variable takes its value from', () => {
  it('the key that is its name', async () => {
    expect(await bind([refVariable('v', float, 2)], await checkpointOf('u', 'v'))).toEqual({ v: 'v' });
  });
  it('its name before what some saver in the graph restores', async () => {
    const nodes = [refVariable('v', float, 2), ...saver('save', 'other')];
    expect(await bind(nodes, await checkpointOf('other', 'v'))).toEqual({ v: 'v' });
  });
  it('what the named saver restores before its name', async () => {
    const nodes = [refVariable('v', float, 2), ...saver('save', 'v/ExponentialMovingAverage')];
    const checkpoint = await checkpointOf('v', 'v/ExponentialMovingAverage');
    expect(await bind(nodes, checkpoint, 'save/all')).toEqual({ v: 'v/ExponentialMovingAverage' });
  });
  it('what a saver in the graph restores, where its name is no key', async () => {
    const nodes = [refVariable('v', float, 2), ...saver('save', 'model/v')];
    expect(await bind(nodes, await checkpointOf('model/v'))).toEqual({ v: 'model/v' });
  });
  it('the key that is its shared name', async () => {
    const handle = handleVariable('v_1', float, 2);
    const shared = { ...handle, attr: { ...handle.attr, shared_name: textAttr('v') } };
    expect(await bind([shared], await checkpointOf('v'))).toEqual({ v_1: 'v' });
  });
});

describe('a variable that is not in the checkpoint', () => {
  it('is told with the nearest keys, the outputs that need it and what to do', async () => {
    const checkpoint = await checkpointOf('dense/bias', 'dense/kernel', 'step');
    const nodes = [refVariable('dense/kernels', float, 2), identity('y', 'dense/kernels'), { name: 'z', op: 'NoOp' }];
    const error = await refusal(nodes, checkpoint, ['y', 'z']);
    expect([error.code, error.message]).toEqual([
      'VARIABLE_NOT_IN_CHECKPOINT',
      `Variable 'dense/kernels' is not in the checkpoint ${checkpoint.prefix}. The nearest keys are 'dense/kernel'. ` +
        "Needed by the outputs 'y'. Pass the checkpoint that belongs to this graph, choose other outputs, or put the " +
        'variable on the deny list.',
    ]);
  });
  it('is told without keys where none is near', async () => {
    const { message } = await refusal(
      [refVariable('v', float, 2), identity('y', 'v')],
      await checkpointOf('something_else'),
    );
    expect(message).toMatch(/No key is like it\. Needed by the outputs 'y'\./);
  });
  it('is told with the name that its saver has for it', async () => {
    const nodes = [refVariable('v', float, 2), identity('y', 'v'), ...saver('save', 'model/v')];
    const { message } = await refusal(nodes, await checkpointOf('unlike'));
    expect(message).toMatch(/under its Saver's name 'model\/v'\./);
  });
});

describe('a variable of another kind than its tensor', () => {
  async function mismatch(variable: NodeLiteral): Promise<string> {
    const checkpoint = await checkpointOf('v');
    const { code, message } = await refusal([variable], checkpoint);
    expect(code).toBe('VARIABLE_MISMATCH');
    return message.replace(checkpoint.prefix, 'CHECKPOINT');
  }

  it('is told with both shapes', async () => {
    expect(await mismatch(refVariable('v', float, 3, 4))).toBe(
      "Variable 'v' is float32[3, 4] in the graph, and its tensor 'v' is float32[2] in CHECKPOINT. " +
        'The graph and the checkpoint are not of the same model, or not of the same version of it.',
    );
  });
  it('is told with both types', async () => {
    expect(await mismatch(refVariable('v', int32Type, 2))).toMatch(
      /is int32\[2\] in the graph, .* is float32\[2\] in /,
    );
  });
  it('with an open dimension shows it as open', async () => {
    expect(await mismatch(refVariable('v', float, -1, 4))).toMatch(/is float32\[\?, 4\] in the graph/);
  });
  it('with an open rank is told by its type', async () => {
    const attr = { dtype: typeAttr(int32Type), shape: unknownRank };
    expect(await mismatch({ name: 'v', op: 'VariableV2', attr })).toMatch(/is int32 in the graph/);
  });
});

describe('shapes that leave something open', () => {
  const fits: readonly [what: string, variable: NodeLiteral][] = [
    ['an open dimension', refVariable('v', float, -1)],
    ['an open rank', { name: 'v', op: 'VariableV2', attr: { dtype: typeAttr(float), shape: unknownRank } }],
    ['no shape at all', { name: 'v', op: 'VarHandleOp', attr: { dtype: typeAttr(float) } }],
    [
      'the scalar that the op Variable meant for open',
      { name: 'v', op: 'Variable', attr: { dtype: typeAttr(float), shape: shapeAttr() } },
    ],
  ];
  for (const [what, variable] of fits) {
    it(`fit: ${what}`, async () => expect(await bind([variable], await checkpointOf('v'))).toEqual({ v: 'v' }));
  }
});
