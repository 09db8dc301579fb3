/**
 * The table of what TensorFlow.js computes otherwise, held against TensorFlow.js and numbers of TensorFlow: cases that
 * `npm run sweep:tfjs -- --write` chose, of each row one that shows it, of each of its ops one that it must not match.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { differences, graphModel } from '../../support/graph-model.js';
import { type Backend, chooseBackend, difference, loadGraphModel, runTfjs, type Tensors } from '../../support/tfjs.mjs';

interface Case {
  readonly title: string;
  /** In base64: a GraphDef. */
  readonly graph: string;
  readonly outputs: readonly string[];
  readonly feeds: Tensors;
  readonly fetches: Tensors;
  /** Of the table; undefined for a case that is the same. */
  readonly row?: number;
  /** The one that shows a difference, or the only one that has kernels for the case; undefined: both. */
  readonly backend?: Backend;
}

const lines = readFileSync(new URL('sweep-cases.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const cases: readonly Case[] = lines.map((line) => JSON.parse(line));
const backends: readonly Backend[] = ['cpu', 'wasm'];

const modelOf = ({ graph, outputs }: Case) => graphModel(Buffer.from(graph, 'base64'), outputs);

/** What is wrong with the numbers, or that there are none; undefined where they are TensorFlow's. */
async function faultOf(each: Case): Promise<string | undefined> {
  const { json, weights } = await modelOf(each);
  try {
    return difference(each.fetches, await runTfjs(await loadGraphModel(json, weights), each.feeds), 1e-3);
  } catch (error) {
    return `fails: ${String(error)}`;
  }
}

it('the table has a case for each row', () => {
  const rows = cases.flatMap(({ row }) => (row === undefined ? [] : row));
  expect(rows.sort((a, b) => a - b)).toEqual(differences.map((_, row) => row));
});

const differing = cases.flatMap((each) => (each.row === undefined ? [] : [{ ...each, row: each.row }]));

it.each(differing)('refused: $title', async (each) => {
  const { by, instead } = differences[each.row] as (typeof differences)[number];
  const { refusal } = await modelOf(each);
  expect(refusal).toContain(`Node 'case' (${each.title.split(' ')[0]}) would not compute in TensorFlow.js`);
  expect(refusal).toContain(`${by}: TensorFlow.js 4.22.0 ${instead}.`);
});

it.each(cases.filter(({ row }) => row === undefined))('not refused: $title', async (each) => {
  expect((await modelOf(each)).refusal).toBeUndefined();
});

describe.each(backends)('TensorFlow.js on %s', (backend) => {
  beforeAll(() => chooseBackend(backend));
  const here = cases.filter((each) => (each.backend ?? backend) === backend);

  it.each(here.filter(({ row }) => row !== undefined))('differs: $title', async (each) => {
    expect(await faultOf(each)).toBeDefined();
  });

  it.each(here.filter(({ row }) => row === undefined))('is the same: $title', async (each) => {
    expect(await faultOf(each)).toBeUndefined();
  });
});
