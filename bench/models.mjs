// The models that are measured. They are made once, in build/bench-models, and always come out the same.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeBundle } from '../test/support/write-bundle.mjs';
import { graph } from './graph-writer.mjs';
import { fewLargeVariables } from './large-model.mjs';
import { manySmallVariables } from './many-nodes-model.mjs';

/**
 * @typedef {object} Model
 * @property {string} name
 * @property {string} graph
 * @property {string} checkpoint the prefix
 * @property {string} output
 * @property {string} data the checkpoint's only shard
 * @property {number} rounds
 * @property {boolean} [weights] whether its weights are most of it, so that copying them is a yardstick
 * @property {boolean} [quick] whether `--quick` measures it too
 * @property {number} [tensorflow] how often TensorFlow freezes it too; it takes its time
 * @property {string} [expected] what TensorFlow made of it before
 */

/** Returns all models, or those of `--quick`, whose name has `filter` in it; those that are not there yet are made. */
export function prepareModels(root, quick, filter) {
  const folder = path.join(root, 'build', 'bench-models');
  const demo = path.join(root, 'examples', 'demo');
  const models = [
    { name: '100 MB in 4 variables', make: () => fewLargeVariables(100e6, 4), rounds: 9, weights: true, quick: true },
    { name: '1 GB in 8 variables', make: () => fewLargeVariables(1e9, 8), rounds: 7, weights: true, tensorflow: 2 },
    { name: '1.9 GB in 8 variables', make: () => fewLargeVariables(1.9e9, 8), rounds: 5, weights: true },
    { name: '120,000 nodes', make: () => manySmallVariables(200, 100), rounds: 7, quick: true, tensorflow: 1 },
  ];
  const wanted = models.filter(({ name, ...model }) => name.includes(filter) && (model.quick || !quick));
  const made = wanted.map((model) => prepare(folder, model));
  if (!'examples/demo'.includes(filter)) return made;
  const checkpoint = path.join(demo, 'model.ckpt-200');
  made.push({
    name: 'examples/demo',
    graph: path.join(demo, 'graph.pb'),
    checkpoint,
    data: `${checkpoint}.data-00000-of-00001`,
    output: 'inference/probabilities',
    rounds: 9,
    expected: path.join(demo, 'frozen-by-tensorflow.pb'),
  });
  return made;
}

/** A model is made under another name first, so that half of one is never taken for a whole. */
function prepare(parent, { name, make, ...rest }) {
  const folder = path.join(parent, name.replaceAll(/[^\w.]+/g, '-'));
  const files = (at) => ({ graph: path.join(at, 'graph.pb'), checkpoint: path.join(at, 'model.ckpt') });
  if (!existsSync(folder)) {
    console.error(`making ${name} …`);
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    const { nodes, tensors } = make();
    writeFileSync(files(unfinished).graph, graph(nodes));
    writeBundle(files(unfinished).checkpoint, tensors);
    renameSync(unfinished, folder);
  }
  const { checkpoint } = files(folder);
  return { name, ...files(folder), data: `${checkpoint}.data-00000-of-00001`, output: 'output', ...rest };
}
