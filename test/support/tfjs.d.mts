import type { GraphModel } from '@tensorflow/tfjs-converter';

/** A tensor as `test/tensorflow/tensor_json.py` writes it; of TensorFlow's types, whether TensorFlow.js has them or not. */
export interface TensorValues {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | string | boolean)[];
}

export type Tensors = Readonly<Record<string, TensorValues>>;

export type Backend = 'cpu' | 'wasm';

export function chooseBackend(name: Backend): Promise<void>;
export function loadTfjs(folder: string): Promise<GraphModel>;
/** @param json `model.json`, parsed. */
export function loadGraphModel(json: object, weights: Uint8Array): Promise<GraphModel>;
/** Feeds and fetches by the names of the signature. */
export function runTfjs(model: GraphModel, feeds: Tensors): Promise<Tensors>;
/** The first thing in which what was fetched is not what was expected; undefined where it is the same. */
export function difference(expected: Tensors, fetched: Tensors, rtol: number): string | undefined;
