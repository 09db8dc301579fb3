import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { freeze } from '../../src/index.js';
import { float32 } from '../support/bytes.js';
import { float, viewGraphDef } from '../support/graph-def.js';
import { type SmallModel, smallModel, smallNodes, smallTensors } from '../support/model.js';
import type { TensorToWrite } from '../support/write-bundle.mjs';

const average = (key: string, ...values: number[]): TensorToWrite => ({
  key,
  dtype: float,
  shape: [values.length],
  bytes: float32(...values),
});

function modelWith(...more: TensorToWrite[]): Pick<SmallModel, 'graph' | 'checkpoint' | 'out'> {
  const { graph, checkpoint, out } = smallModel(smallNodes, [...smallTensors, ...more]);
  return { graph, checkpoint, out };
}

function valueOfW(out: string): Buffer {
  const { value } = viewGraphDef(readFileSync(out)).nodes.get('w')?.attr ?? {};
  return Buffer.from((value as { tensor: { tensor_content: Uint8Array } }).tensor.tensor_content);
}

it('a variable has the average that is stored beside it', async () => {
  const model = modelWith(average('w/ExponentialMovingAverage', 3, 4));
  const { variables, withoutAverage } = await freeze({ ...model, outputs: 'y', ema: true });
  expect(variables[0]?.key).toBe('w/ExponentialMovingAverage');
  expect(withoutAverage).toEqual([]);
  expect(valueOfW(model.out)).toEqual(float32(3, 4));
});

it('or the one that a variable scope has put elsewhere, where there is one', async () => {
  const model = modelWith(average('train/w/ExponentialMovingAverage', 3, 4));
  await freeze({ ...model, outputs: 'y', ema: true });
  expect(valueOfW(model.out)).toEqual(float32(3, 4));
});

it('not that of another variable of the same name in another scope, nor one of another shape', async () => {
  const others = [average('a/w', 5, 6), average('a/w/ExponentialMovingAverage', 7, 8)];
  const model = modelWith(...others, average('w/ExponentialMovingAverage', 3));
  await expect(freeze({ ...model, outputs: 'y', ema: true })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

it('home-made averages end as the user says', async () => {
  const model = modelWith(average('w_avg', 3, 4));
  await freeze({ ...model, outputs: 'y', variableSuffix: '_avg' });
  expect(valueOfW(model.out)).toEqual(float32(3, 4));
});

it('what the user maps stays as mapped', async () => {
  const model = modelWith(average('w/ExponentialMovingAverage', 3, 4), average('z', 9, 9));
  const options = { ...model, outputs: 'y', ema: true, variableMap: { w: 'z' } };
  // No variable is left that could take an average.
  await freeze(options);
  expect(valueOfW(model.out)).toEqual(float32(9, 9));
});

it('no average at all is an error that names the nearest keys', async () => {
  const model = modelWith(average('w/EMA', 3, 4));
  await expect(freeze({ ...model, outputs: 'y', ema: true })).rejects.toThrow(
    /no key that is a variable's with '\/ExponentialMovingAverage' behind it.*'w\/EMA'.*--variable-suffix/,
  );
  await expect(freeze({ ...model, outputs: 'y', ema: true, variableSuffix: '/EMA' })).rejects.toThrow(/not both/);
});

it('a graph that is rewritten for inference without them says that they are there', async () => {
  const model = modelWith(average('w/ExponentialMovingAverage', 3, 4));
  const { unusedAverages } = await freeze({ ...model, outputs: 'y', inference: true });
  expect(unusedAverages).toEqual(['w']);
  expect(valueOfW(model.out)).toEqual(float32(1, 2));
});
