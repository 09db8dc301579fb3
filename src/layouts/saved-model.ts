/**
 * A frozen SavedModel: the folder that TensorFlow's loaders and servers take, with the constants in `saved_model.pb` and
 * no `variables`. What fills its tables is run by the loader, and the files that it reads come along in `assets`.
 */
import { PermafrostError } from '../errors.js';
import { inputNode } from '../graph/edges.js';
import { freeName } from '../graph/free-name.js';
import type { Graph } from '../graph/graph.js';
import { GraphNode } from '../graph/node.js';
import { validateGraph } from '../graph/validate.js';
import { isVariable } from '../graph/variables.js';
import { type Asset, infoFields, mainOpCollection, metaGraphFields } from '../io/meta-graph.js';
import { savedModelFields, servingTags } from '../io/saved-model.js';
import { listNames } from '../nearest.js';
import { planGraph, storedTensors } from '../plan/graph-plan.js';
import { measurePayloads } from '../plan/payload-sizes.js';
import { PlanBuilder } from '../plan/plan.js';
import { canonical } from '../proto/canonical.js';
import { messageType } from '../proto/types.js';
import { bytesField, textEntry, varintField, withoutFields } from '../proto/wire-fields.js';
import { fieldSize } from '../proto/wire-writer.js';
import { findAssets } from './assets.js';
import type { FrozenModel, LaidOut } from './frozen-model.js';
import { refuseLargeMessage } from './message-size.js';
import { restoreInputs } from './restore-inputs.js';
import { frozenSignatures } from './signatures.js';

/** The only one there is. */
const schemaVersion = 1;

/**
 * @throws PermafrostError OUTPUT_TOO_LARGE, UNSUPPORTED, and what `measurePayloads` and `findAssets` throw;
 * INVALID_ARGUMENT where variables were kept; what `frozenSignatures` throws.
 */
export async function layOutSavedModel({ graph: frozen, source, ...model }: FrozenModel): Promise<LaidOut> {
  refuseVariables(frozen);
  // Whoever calls a SavedModel feeds all inputs of its signature.
  const graph = restoreInputs(frozen, source.signatures);
  const [filled, initOp] = withInitOp(graph, model.tableInitializers);
  if (filled !== frozen) validateGraph(filled, 'The graph of the SavedModel');
  const tensors = storedTensors(filled);
  const assets = source.assets.filter(({ tensor }) => filled.byName.has(inputNode(tensor)));
  const files = await findAssets(assets, source.folder);
  const signatures = await frozenSignatures(graph, source.signatures, model.outputs);
  const graphDef = planGraph(filled, await measurePayloads(tensors, model.checkpoint));

  const info = bytesField(metaGraphFields.info, metaInfo(source.info, source.folder !== undefined));
  const rest = otherFields(initOp, signatures, assets);
  const size = info.length + fieldSize(metaGraphFields.graph, graphDef.size) + rest.length;
  const plan = new PlanBuilder();
  plan.literal(varintField(savedModelFields.version, schemaVersion));
  plan.head(savedModelFields.metaGraphs, size);
  plan.literal(info);
  plan.head(metaGraphFields.graph, graphDef.size);
  plan.append(graphDef);
  plan.literal(rest);
  refuseLargeMessage('SavedModel', plan.size, tensors);
  plan.endFile('saved_model.pb');
  for (const [name, file] of files) {
    plan.file(file);
    plan.endFile(`assets/${name}`);
  }
  return { plan: plan.finish(), graph: filled };
}

/** A loader restores all variables or none, and here there is nothing that it could restore them from. */
function refuseVariables(graph: Graph): void {
  const left = graph.nodes.filter(isVariable).map(({ name }) => name);
  if (left.length === 0) return;
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `A frozen SavedModel has no values of variables, and the allow and deny lists keep ${listNames(left, 5)}. ` +
      "Freeze them too, or write the layout 'graph-def'.",
  );
}

/** A loader runs one node. */
function withInitOp(graph: Graph, fillers: readonly string[]): [graph: Graph, initOp: string | undefined] {
  if (fillers.length <= 1) return [graph, fillers[0]];
  const name = freeName('fill_tables', (taken) => graph.byName.has(taken));
  const controls = fillers.map((filler) => `^${filler}`);
  return [graph.withNodes([...graph.nodes, GraphNode.create(name, 'NoOp', controls, new Map())]), name];
}

/**
 * What the source says of itself: the TensorFlow that wrote it, what its ops were like then, and of a SavedModel its tags.
 * Its functions have other names by now, so their aliases go.
 */
function metaInfo(info: Uint8Array, isSavedModel: boolean): Uint8Array {
  const dropped: readonly number[] = [infoFields.functionAliases, ...(isSavedModel ? [] : [infoFields.tags])];
  const kept = withoutFields(info, ({ number }) => dropped.includes(number));
  const tags = isSavedModel ? [] : servingTags.map((tag) => bytesField(infoFields.tags, Buffer.from(tag)));
  return canonical('MetaGraphDef.MetaInfoDef', Buffer.concat([kept, ...tags]));
}

/** The fields of a MetaGraphDef that come after its graph. */
function otherFields(
  initOp: string | undefined,
  signatures: ReadonlyMap<string, Uint8Array>,
  assets: readonly Asset[],
): Uint8Array {
  const collections = initOp === undefined ? {} : { [mainOpCollection]: { node_list: { value: [initOp] } } };
  const files = assets.map(({ tensor, file }) => ({ tensor_info: { name: tensor }, filename: file }));
  const message = { collection_def: collections, asset_file_def: files };
  const encoded = messageType('MetaGraphDef').encode(message).finish();
  const entries = Array.from(signatures, ([name, each]) => textEntry(metaGraphFields.signature, name, each));
  return canonical('MetaGraphDef', Buffer.concat([encoded, ...entries]));
}
