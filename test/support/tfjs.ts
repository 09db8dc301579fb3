/** Runs graph models with TensorFlow.js itself, on the backends that Node has without an addon. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';

/** A tensor as `scripts/make-tfjs-models.py` writes it; of TensorFlow's types, whether TensorFlow.js has them or not. */
export interface TensorValues {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | string | boolean)[];
}

export type Tensors = Readonly<Record<string, TensorValues>>;

export const backends = ['cpu', 'wasm'] as const;

export async function useBackend(name: (typeof backends)[number]): Promise<void> {
  // Without it, both say on the console that there is something faster.
  tf.env().set('PROD', true);
  await tf.setBackend(name);
}

/** Loads a folder as a browser would: `model.json`, then the files of the manifest one after the other. */
export function loadTfjs(folder: string): Promise<GraphModel> {
  const model: tf.io.ModelJSON = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const load = (): Promise<tf.io.ModelArtifacts> =>
    tf.io.getModelArtifactsForJSON(model, async (manifest) => {
      const paths = manifest.flatMap((group) => group.paths);
      const weights = Buffer.concat(paths.map((path) => readFileSync(join(folder, path))));
      const specs = manifest.flatMap((group) => group.weights);
      return [specs, weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length) as ArrayBuffer];
    });
  return loadGraphModel({ load });
}

const dtypes: Readonly<Record<string, tf.DataType>> = { int64: 'int32', float64: 'float32' };

/** Feeds and fetches by the names of the signature. */
export async function runTfjs(model: GraphModel, feeds: Tensors): Promise<Tensors> {
  const inputs = Object.entries(feeds).map(([name, { dtype, shape, values }]): [string, tf.Tensor] => [
    name,
    tf.tensor([...values] as number[], [...shape], dtypes[dtype] ?? (dtype as tf.DataType)),
  ]);
  const names = model.outputNodes;
  const fetched = await model.executeAsync(Object.fromEntries(inputs), names);
  const outputs = [fetched].flat();
  const entries = names.map(async (name, index): Promise<[string, TensorValues]> => {
    const { dtype, shape, ...tensor } = outputs[index] as tf.Tensor;
    const values = Array.from((await (outputs[index] as tf.Tensor).data()) as ArrayLike<number | string>);
    return [name, { dtype, shape, values }];
  });
  return Object.fromEntries(await Promise.all(entries));
}
