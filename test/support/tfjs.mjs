/** Runs graph models with TensorFlow.js itself, on the backends that Node has without an addon. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import converter from '@tensorflow/tfjs-converter';
import tf from '@tensorflow/tfjs-core';

export async function chooseBackend(name) {
  // Without it, both say on the console that there is something faster.
  tf.env().set('PROD', true);
  await tf.setBackend(name);
}

/** Loads a folder as a browser would: `model.json`, then the files of the manifest one after the other. */
export function loadTfjs(folder) {
  const model = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const files = model.weightsManifest.flatMap(({ paths }) => paths).map((path) => readFileSync(join(folder, path)));
  return loadGraphModel(model, Buffer.concat(files));
}

/** @param json `model.json`, parsed. */
export function loadGraphModel(json, weights) {
  const loadWeights = (manifest) => [manifest.flatMap((group) => group.weights), new Uint8Array(weights).buffer];
  return converter.loadGraphModel({ load: () => tf.io.getModelArtifactsForJSON(json, loadWeights) });
}

/** What TensorFlow.js has for a type. */
const dtypes = Object.fromEntries([
  ...['float64', 'float16', 'bfloat16'].map((name) => [name, 'float32']),
  ...['int64', 'int16', 'int8', 'uint64', 'uint32', 'uint16', 'uint8'].map((name) => [name, 'int32']),
]);

export async function runTfjs(model, feeds) {
  const inputs = Object.entries(feeds).map(([name, { dtype, shape, values }]) => [
    name,
    tf.tensor(values, shape, dtypes[dtype] ?? dtype),
  ]);
  const names = model.outputNodes;
  const outputs = [await quietly(() => model.executeAsync(Object.fromEntries(inputs), names))].flat();
  const entries = outputs.map(async (output, index) => {
    const values = Array.from(await output.data());
    return [names[index], { dtype: output.dtype, shape: output.shape, values }];
  });
  const fetched = Object.fromEntries(await Promise.all(entries));
  for (const tensor of [...inputs.map(([, input]) => input), ...outputs]) tensor.dispose();
  return fetched;
}

/** It warns of a model that could be run without waiting. */
async function quietly(run) {
  const { warn } = console;
  console.warn = () => {};
  try {
    return await run();
  } finally {
    console.warn = warn;
  }
}

export function difference(expected, fetched, rtol) {
  const names = Object.keys(expected).sort();
  const found = Object.keys(fetched).sort();
  if (names.join() !== found.join()) return `outputs ${found.join()}, not ${names.join()}`;
  return names.map((name) => tensorDifference(name, expected[name], fetched[name], rtol)).find(Boolean);
}

function tensorDifference(name, expected, fetched, rtol) {
  if (expected.shape.join() !== fetched.shape.join()) return `${name}: shape ${fetched.shape}, not ${expected.shape}`;
  const index = expected.values.findIndex((value, at) => !isNear(expected.dtype, value, fetched.values[at], rtol));
  return index < 0 ? undefined : `${name}[${index}]: ${fetched.values[index]}, not ${expected.values[index]}`;
}

function isNear(dtype, expected, found, rtol) {
  if (dtype === 'string') return expected === found;
  const [a, b] = [Number(expected), Number(found)];
  return Object.is(a, b) || Math.abs(a - b) <= rtol * Math.max(1, Math.abs(a));
}
