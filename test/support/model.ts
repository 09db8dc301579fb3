/** A model small enough to know by heart: y = x * w, with w = [1, 2]. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { float32 } from './bytes.js';
import { temporaryFolder } from './folder.js';
import {
  float,
  graphDef,
  identity,
  type NodeLiteral,
  placeholder,
  refVariable,
  stringTensor,
  typeAttr,
} from './graph-def.js';
import { writeSparseCheckpoint } from './sparse-checkpoint.js';
import { type TensorToWrite, writeBundle } from './write-bundle.mjs';

export interface SmallModel {
  /** Holds the other paths, and nothing but `graph.pb`, the checkpoint and an empty `out`. */
  readonly folder: string;
  readonly graph: string;
  readonly checkpoint: string;
  /** An empty folder and a path in it. */
  readonly outFolder: string;
  readonly out: string;
}

export const smallNodes: readonly NodeLiteral[] = [
  placeholder('x'),
  refVariable('w', float, 2),
  identity('w/read', 'w'),
  { name: 'y', op: 'Mul', input: ['x', 'w/read'], attr: { T: typeAttr(float) } },
];

export const smallTensors: readonly TensorToWrite[] = [{ key: 'w', dtype: float, shape: [2], bytes: float32(1, 2) }];

export function smallModel(
  nodes: readonly NodeLiteral[] = smallNodes,
  tensors: readonly TensorToWrite[] = smallTensors,
  options?: { shards?: number },
): SmallModel {
  const folder = temporaryFolder();
  const outFolder = join(folder, 'out');
  mkdirSync(outFolder);
  const graph = join(folder, 'graph.pb');
  const checkpoint = join(folder, 'model.ckpt');
  writeFileSync(graph, graphDef(nodes));
  writeBundle(checkpoint, tensors, options);
  return { folder, graph, checkpoint, outFolder, out: join(outFolder, 'frozen.pb') };
}

/** Makes a graph larger than what is frozen on the calling thread, by a node that nothing needs. */
export function padGraph({ graph }: SmallModel): void {
  const padding = { name: 'padding', op: 'Const', attr: { value: stringTensor('x'.repeat(200_000)) } };
  appendFileSync(graph, graphDef([padding]));
}

/** One variable of zeros, large enough for a freeze to be interrupted; its checksum is wrong. */
export function largeModel(size = 1 << 30): SmallModel {
  const model = smallModel();
  writeFileSync(model.graph, graphDef([refVariable('w', 1, size / 4), identity('y', 'w')]));
  writeSparseCheckpoint(model.checkpoint, { w: size });
  return model;
}
