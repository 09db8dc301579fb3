import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * The small model that TensorFlow trained, and what TensorFlow made of it.
 * @returns {import('./prepare.mjs').Model}
 */
export function demoModel(root) {
  const folder = path.join(root, 'examples', 'demo');
  const checkpoint = path.join(folder, 'model.ckpt-200');
  const data = `${checkpoint}.data-00000-of-00001`;
  const frozen = readFileSync(path.join(folder, 'frozen-by-tensorflow.pb'));
  return {
    graph: path.join(folder, 'graph.pb'),
    checkpoint,
    data: [data],
    output: 'inference/probabilities',
    weights: statSync(data).size,
    frozen: { bytes: frozen.length, sha256: createHash('sha256').update(frozen).digest('hex') },
    heads: [],
  };
}
