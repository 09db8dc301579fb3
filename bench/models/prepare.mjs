// Lays a model down as files, once: it always comes out the same.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeBundle } from '../../test/support/write-bundle.mjs';
import { ExpectedGraph } from './expected-graph.mjs';
import { end } from './graph-writer.mjs';

/**
 * @typedef {object} ModelToMake
 * @property {string} name of its folder
 * @property {number} bytes of its weights
 * @property {number} disk how many bytes of them are no hole
 * @property {number} [shards] default: 1
 * @property {() => { nodes: import('./graph-writer.mjs').GraphNode[], tensors: Iterable<object> }} make
 *
 * @typedef {object} Model
 * @property {string} graph
 * @property {string} checkpoint the prefix
 * @property {readonly string[]} data the shards
 * @property {string} output
 * @property {number} weights bytes of all shards
 * @property {import('./expected-graph.mjs').Expected | undefined} frozen
 * @property {readonly import('./expected-graph.mjs').Head[]} heads
 */

/**
 * Makes the model unless it is there. It is made under another name first, so that half of one is never taken for a whole.
 * @param {string} parent
 * @param {ModelToMake} model
 * @returns {Model}
 */
export function prepareModel(parent, { name, shards, make }) {
  const folder = path.join(parent, name);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    write(unfinished, make(), shards);
    renameSync(unfinished, folder);
  }
  const data = readdirSync(folder).filter((file) => file.includes('.data-'));
  return describeModel(folder, data, JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')));
}

function describeModel(folder, shards, expected) {
  const data = shards.sort().map((file) => path.join(folder, file));
  const weights = data.reduce((sum, file) => sum + statSync(file).size, 0);
  const { graph, checkpoint } = filesIn(folder);
  return { graph, checkpoint, data, output: 'output', weights, ...expected };
}

function filesIn(folder) {
  return { graph: path.join(folder, 'graph.pb'), checkpoint: path.join(folder, 'model.ckpt') };
}

function write(folder, { nodes, tensors }, shards) {
  const { graph, checkpoint } = filesIn(folder);
  writeFileSync(graph, Buffer.concat([...nodes.map(({ exported }) => exported), end.exported]));
  const expected = new ExpectedGraph(nodes);
  writeBundle(checkpoint, expected.watch(tensors), { shards });
  writeFileSync(path.join(folder, 'expected.json'), JSON.stringify(expected.finish()));
}
