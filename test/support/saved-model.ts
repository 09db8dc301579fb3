/** SavedModels written as object literals. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folder.js';
import { encode, float, type NodeLiteral } from './graph-def.js';
import { smallNodes, smallTensors } from './model.js';
import { type TensorToWrite, writeBundle } from './write-bundle.mjs';

/** The tensor of a signature. */
export function tensorInfo(name: string, dtype: number = float, ...sizes: number[]): object {
  return { name, dtype, tensor_shape: { dim: sizes.map((size) => ({ size })) } };
}

/** That of the small model: from x to y. */
export const smallSignature: object = {
  inputs: { x: tensorInfo('x:0', float, 2) },
  outputs: { product: tensorInfo('y:0', float, 2) },
  method_name: 'tensorflow/serving/predict',
};

/** A MetaGraphDef; by default of the small model, to serve. */
export function metaGraph(more: object = {}, tags = ['serve'], nodes: readonly NodeLiteral[] = smallNodes): object {
  return {
    meta_info_def: { tags },
    graph_def: { node: nodes },
    signature_def: { serving_default: smallSignature },
    ...more,
  };
}

export function savedModelBytes(...metaGraphs: object[]): Uint8Array {
  return encode('SavedModel', { saved_model_schema_version: 1, meta_graphs: metaGraphs });
}

/** A folder with that file, and with the variables of the small model unless others or none are given. */
export function savedModel(
  content: Uint8Array | string = savedModelBytes(metaGraph()),
  { name = 'saved_model.pb', tensors = smallTensors }: { name?: string; tensors?: readonly TensorToWrite[] } = {},
): string {
  const folder = join(temporaryFolder(), 'saved');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, name), content);
  if (tensors.length > 0) {
    mkdirSync(join(folder, 'variables'));
    writeBundle(join(folder, 'variables', 'variables'), tensors);
  }
  return folder;
}
