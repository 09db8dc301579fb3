// What is measured, part by part.
import path from 'node:path';
import { abort, copy, emptyNode, freezeGraph, permafrost, permafrostLayout, stall } from './measuring/contestants.mjs';
import { convertedHeads } from './models/converted-heads.mjs';
import { demoModel } from './models/demo.mjs';
import { manyNodesModel } from './models/many-nodes.mjs';
import { weightsModel } from './models/weights.mjs';

/**
 * @typedef {object} Case
 * @property {string} title
 * @property {import('./models/prepare.mjs').ModelToMake[]} models
 * @property {(...models: import('./models/prepare.mjs').Model[]) => import('./measuring/contestants.mjs').Contestant[]} contestants
 * the first is what the others are compared with
 * @property {number} rounds
 * @property {boolean} [warmUp] default: true
 * @property {number} written bytes that the largest output takes
 *
 * @typedef {object} Scope
 * @property {boolean} quick smaller models and fewer rounds
 * @property {import('./measuring/tensorflow.mjs').TensorFlow | undefined} tensorflow
 *
 * @typedef {{ about: string, cases: (scope: Scope) => Case[] }} Part
 */

const root = path.resolve(import.meta.dirname, '..');

/** At most so many bytes of graph and index for each variable. */
const graphBytes = 600;

/** @type {Record<string, Part>} */
export const parts = {
  size: {
    about: 'weights of 100 MB to 1.9 GB in few variables',
    cases: ({ quick, tensorflow }) => {
      const sizes = quick ? [100e6, 500e6] : [100e6, 500e6, 1e9, 1.9e9];
      return sizes.map((bytes) => ({
        title: `${bytesText(bytes)} in 8 variables`,
        models: [large(bytes)],
        contestants: (model) => [
          copy(model),
          permafrost(model),
          ...(quick && bytes > 100e6 ? [] : freezeGraph(tensorflow, model, quick ? 1 : 2)),
        ],
        rounds: quick ? 3 : 9,
        written: bytes,
      }));
    },
  },
  threads: {
    about: 'the same freeze with 1, 2 and 4 threads',
    cases: ({ quick }) => {
      const bytes = quick ? 500e6 : 1e9;
      return [
        {
          title: `${bytesText(bytes)} with 1, 2 and 4 threads`,
          models: [large(bytes)],
          contestants: (model) => [
            copy(model),
            ...[1, 2, 4].map((count) => permafrost(model, { flags: ['--threads', `${count}`] })),
          ],
          rounds: quick ? 3 : 7,
          written: bytes,
        },
      ];
    },
  },
  variables: {
    about: '100 MB of weights in 100 to 200,000 variables',
    cases: ({ quick }) =>
      (quick ? [100, 10_000] : [100, 1_000, 10_000, 100_000, 200_000]).map((count) => ({
        title: `100 MB in ${count.toLocaleString('en')} variables`,
        models: [weights(`variables-${count}`, 100e6, count)],
        contestants: (model) => [copy(model), permafrost(model)],
        rounds: quick ? 3 : 5,
        written: 200e6,
      })),
  },
  shards: {
    about: '200 MB of weights in 1 to 1,000 shards',
    cases: ({ quick }) =>
      (quick ? [1, 100] : [1, 10, 100, 1_000]).map((shards) => ({
        title: `200 MB in ${shards.toLocaleString('en')} ${shards === 1 ? 'shard' : 'shards'}`,
        models: [weights(`shards-${shards}`, 200e6, 2_000, { shards })],
        contestants: (model) => [copy(model), permafrost(model)],
        rounds: quick ? 3 : 7,
        written: 200e6,
      })),
  },
  nodes: {
    about: 'a graph of 120,000 nodes, 20,000 of them variables',
    cases: ({ quick, tensorflow }) => [
      {
        title: '120,000 nodes',
        models: [manyNodes()],
        contestants: (model) => [emptyNode(), permafrost(model), ...(quick ? [] : freezeGraph(tensorflow, model, 1))],
        rounds: quick ? 3 : 7,
        written: 20e6,
      },
    ],
  },
  placing: {
    about: 'the same graph put on devices',
    cases: ({ quick }) => [
      {
        title: '120,000 nodes on devices',
        models: [manyNodes()],
        contestants: (model) => [permafrost(model), placed(model, 'gpu:0,cpu'), placed(model, 'npu:0,gpu:0,cpu')],
        rounds: quick ? 3 : 7,
        written: 80e6,
      },
    ],
  },
  demo: {
    about: 'the small model of examples/demo',
    cases: ({ quick }) => [
      {
        title: 'examples/demo',
        models: [],
        contestants: () => [emptyNode(), permafrost(demoModel(root))],
        rounds: quick ? 5 : 15,
        written: 1e6,
      },
    ],
  },
  running: {
    about: 'how long the API holds up the program that calls it, and how soon it ends',
    cases: ({ quick }) => {
      const rounds = quick ? 3 : 10;
      const models = [
        { of: '120,000 nodes', model: manyNodes() },
        ...(quick ? [] : [{ of: '200,000 variables', model: weights('variables-200000', 100e6, 200_000) }]),
      ];
      return models.flatMap(({ of, model }) => [
        {
          title: `Event loop, ${of}`,
          models: [model],
          contestants: (prepared) => [stall(prepared)],
          rounds,
          written: 200e6,
        },
        {
          title: `Abort, ${of}`,
          models: [model],
          contestants: (prepared) => [abort(prepared, rounds)],
          rounds,
          written: 200e6,
        },
      ]);
    },
  },
  weights: {
    about: 'weights in other types, by the bytes that are written',
    cases: ({ quick }) => {
      const unit = quick ? 100e6 : 475e6;
      return [
        {
          title: `${bytesText(unit)} written in each type`,
          models: [large(unit), large(2 * unit), large(4 * unit)],
          contestants: (plain, twice, fourTimes) => [
            { ...permafrost(plain), weights: unit },
            ...['float16', 'bfloat16'].map((type) => converted(twice, type, unit, convertedHeads(twice.heads, type))),
            converted(fourTimes, 'int8', unit, []),
          ],
          rounds: quick ? 3 : 9,
          written: unit,
        },
      ];
    },
  },
  huge: {
    about: 'checkpoints beyond what one file may hold, mostly holes',
    cases: ({ quick }) =>
      (quick ? [3e9] : [5e9, 20e9]).map((bytes) => ({
        title: `${bytesText(bytes)}, sparse, in 8 variables`,
        models: [weights(`sparse-${bytes / 1e9}GB`, bytes, 8, { holes: true })],
        contestants: (model) => [
          copy(model, { sparse: true }),
          permafrostLayout(model, ['--layout', 'mmap']),
          permafrostLayout(model, ['--layout', 'memmapped']),
        ],
        rounds: quick ? 1 : 3,
        warmUp: false,
        written: bytes,
      })),
  },
};

function manyNodes() {
  return { name: 'nodes-120000', bytes: 2.6e6, disk: 30e6, make: () => manyNodesModel(200, 100) };
}

/** Weights in 8 variables. */
function large(bytes) {
  return weights(`large-${bytes / 1e6}MB`, bytes, 8);
}

/** With holes, only the first 4 KiB of each variable are written: the file takes next to no room. */
function weights(name, bytes, count, { shards = 1, holes = false } = {}) {
  const options = holes ? { written: 4096 } : {};
  const disk = (holes ? count * options.written : bytes) + count * graphBytes;
  return { name, bytes, disk, shards, make: () => weightsModel(bytes, count, options) };
}

function converted(model, type, bytes, heads) {
  const size = { least: bytes, most: bytes * 1.01 + 1e6 };
  return { ...permafrostLayout({ ...model, heads }, ['--weights', type], size), weights: bytes };
}

/** The same file, but for a device of each node. */
function placed(model, list) {
  const { bytes } = model.frozen;
  return permafrostLayout(model, ['--place', list], { least: bytes, most: bytes * 1.5 });
}

function bytesText(bytes) {
  return bytes < 1e9 ? `${bytes / 1e6} MB` : `${bytes / 1e9} GB`;
}
