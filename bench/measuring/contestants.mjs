// What is measured: a command that turns a model into files in a folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expectFile, expectHeads } from './verify.mjs';

/**
 * @typedef {object} Contestant
 * @property {string} what its name in the tables
 * @property {(folder: string) => readonly string[]} command with its arguments; it writes into the empty folder
 * @property {(folder: string) => string} [verify] throws if the folder has not what it should, else says what was seen
 * @property {number} [rounds] takes part in so many of the first rounds only, and does not warm up
 * @property {boolean} [printsSeconds] whether it measures itself and prints that; default: no
 * @property {number} [weights] bytes of weights that it writes, where those differ within a case
 */

const root = path.resolve(import.meta.dirname, '..', '..');

/** `cp` of the checkpoint's data. Holes are written out as the zeros that they are, as a freeze does. */
export function copy({ data }, { sparse = false } = {}) {
  const flags = sparse ? ['--sparse=never'] : [];
  return { what: 'cp', command: (folder) => ['cp', ...flags, ...data, folder] };
}

export function emptyNode() {
  return { what: 'empty Node program', command: () => [process.execPath, '-e', ''] };
}

/**
 * @param {import('../models/prepare.mjs').Model} model
 * @param {{ flags?: string[], verify?: (target: string) => string }} [options] `flags` beyond those that any freeze needs;
 * `verify` in place of the one file that is expected of the model
 * @returns {Contestant}
 */
export function permafrost(model, { flags = [], verify = (target) => expectFile(target, model.frozen) } = {}) {
  const { graph, checkpoint, output } = model;
  const given = ['--quiet', '--graph', graph, '--checkpoint', checkpoint, '--outputs', output, ...flags];
  return {
    what: ['permafrost', ...flags].join(' '),
    command: (folder) => [process.execPath, ours(), 'freeze', ...given, '--out', path.join(folder, 'frozen')],
    verify: (folder) => verify(path.join(folder, 'frozen')),
  };
}

/** A freeze whose graph is not known beforehand, but whose tensors are. */
export function permafrostLayout(model, flags, bytes = { least: model.weights, most: model.weights * 1.01 + 1e6 }) {
  return permafrost(model, { flags, verify: (target) => expectHeads(target, model.heads, bytes) });
}

/** The longest stall of the event loop of a program that freezes with the API. */
export function stall(model) {
  return {
    what: 'permafrost, longest stall',
    command: (folder) => runningFreeze('stall', model, folder),
    printsSeconds: true,
    verify: (folder) => expectFile(path.join(folder, 'frozen'), model.frozen),
  };
}

/** How long such a program waits for the end of a freeze that it aborts: early, late and between, in turn. */
export function abort(model, moments) {
  let turn = 0;
  return {
    what: 'permafrost, from abort() to the rejection',
    command: (folder) => [...runningFreeze('abort', model, folder), String((turn++ % moments) / moments)],
    printsSeconds: true,
    verify(folder) {
      const left = readdirSync(folder);
      if (left.length > 0) throw new Error(`Expected nothing to be left of a freeze but found ${left.join(', ')}.`);
      return 'nothing is left';
    },
  };
}

function runningFreeze(measure, { graph, checkpoint, output }, folder) {
  const program = path.join(import.meta.dirname, 'running-freeze.mjs');
  return [process.execPath, program, measure, graph, checkpoint, output, path.join(folder, 'frozen')];
}

/** The command of the package, as npm would link it. */
function ours() {
  const { bin } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const command = path.join(root, bin.permafrost);
  if (!existsSync(command)) throw new Error(`Expected ${command} but it is not there: run \`npm run build\` first.`);
  return command;
}

/**
 * TensorFlow's own tool. It takes long, so it runs fewer times, and nothing where there is none.
 * @param {import('./tensorflow.mjs').TensorFlow | undefined} tensorflow
 * @returns {Contestant[]}
 */
export function freezeGraph(tensorflow, { graph, checkpoint, output, frozen }, rounds) {
  if (!tensorflow) return [];
  const flags = [`--input_graph=${graph}`, `--input_checkpoint=${checkpoint}`, `--output_node_names=${output}`];
  const tool = [tensorflow.python, '-m', 'tensorflow.python.tools.freeze_graph', '--input_binary', ...flags];
  return [
    {
      what: 'TensorFlow',
      command: (folder) => [...tool, `--output_graph=${path.join(folder, 'frozen')}`],
      verify: (folder) => expectFile(path.join(folder, 'frozen'), frozen),
      rounds,
    },
  ];
}
