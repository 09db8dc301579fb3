/** Freezes to SavedModels, and takes what was written apart. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { FreezeOptions, FreezeReport, PermafrostError } from '../../src/index.js';
import { messageType } from '../../src/proto/types.js';
import { failure } from './failure.js';
import { namesIn, temporaryFolder } from './folder.js';
import { freeze } from './freeze.js';
import { int64Type, type NodeLiteral, stringType, typeAttr } from './graph-def.js';
import { smallNodes } from './model.js';
import { metaGraph, savedModel, savedModelBytes } from './saved-model.js';

/** A path where nothing is. */
export const freeTarget = (): string => join(temporaryFolder(), 'frozen');

/** The folder that was written, and the report. */
export async function frozen(graph: string, more: Partial<FreezeOptions> = {}): Promise<[string, FreezeReport]> {
  const out = freeTarget();
  return [out, await freeze({ graph, layout: 'saved-model', out, ...more })];
}

/** The error; a refusal leaves nothing where the target would have been. */
export async function refused(graph: string, more: Partial<FreezeOptions> = {}): Promise<PermafrostError> {
  const out = freeTarget();
  const error = await failure(() => freeze({ graph, layout: 'saved-model', out, ...more }));
  expect(namesIn(dirname(out))).toEqual([]);
  return error;
}

export interface MetaGraphView {
  readonly meta_info_def?: Record<string, unknown>;
  readonly graph_def: { node: { name: string; op: string; input?: string[]; attr?: Record<string, object> }[] };
  readonly collection_def?: object;
  readonly signature_def?: Record<string, { inputs?: object; outputs?: object; method_name?: string }>;
  readonly asset_file_def?: object[];
}

/** The one MetaGraphDef, as a plain object. */
export function view(folder: string): MetaGraphView {
  const type = messageType('SavedModel');
  const decoded = type.decode(readFileSync(join(folder, 'saved_model.pb')));
  const { saved_model_schema_version: version, meta_graphs: graphs } = type.toObject(decoded, { longs: Number });
  expect([version, graphs.length]).toEqual([1, 1]);
  return graphs[0];
}

export const nodeOf = (folder: string, name: string): object | undefined =>
  view(folder).graph_def.node.find((node) => node.name === name);

/** A SavedModel with these nodes besides those of the small model. */
export const modelWith = (nodes: readonly NodeLiteral[], more: object = {}): string =>
  savedModel(savedModelBytes(metaGraph(more, ['serve'], [...smallNodes, ...nodes])));

/** A table for each name, filled from the file that `name/path` names; `z` looks something up in all of them. */
export function lookups(...names: string[]): NodeLiteral[] {
  const types = { key_dtype: typeAttr(stringType), value_dtype: typeAttr(int64Type) };
  const tables = names.flatMap((name): NodeLiteral[] => [
    { name: `${name}/path`, op: 'Const', attr: { dtype: typeAttr(stringType), value: scalar(name) } },
    { name, op: 'HashTableV2', attr: { ...types, shared_name: { s: Buffer.from(name) } } },
    {
      name: `${name}/fill`,
      op: 'InitializeTableFromTextFileV2',
      input: [name, `${name}/path`],
      attr: { key_index: { i: -2 }, value_index: { i: -1 } },
    },
    {
      name: `${name}/find`,
      op: 'LookupTableFindV2',
      input: [name, 'word', 'missing'],
      attr: { Tin: typeAttr(stringType), Tout: typeAttr(int64Type) },
    },
  ]);
  return [
    { name: 'word', op: 'Const', attr: { dtype: typeAttr(stringType), value: scalar('a') } },
    {
      name: 'missing',
      op: 'Const',
      attr: { dtype: typeAttr(int64Type), value: { tensor: { dtype: 9, int64_val: [-1] } } },
    },
    ...tables,
    {
      name: 'z',
      op: 'AddN',
      input: names.map((name) => `${name}/find`),
      attr: { N: { i: names.length }, T: typeAttr(int64Type) },
    },
  ];
}

const scalar = (text: string): object => ({
  tensor: { dtype: stringType, tensor_shape: {}, string_val: [Buffer.from(text)] },
});
