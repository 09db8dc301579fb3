/**
 * What Ascend's offline compiler (ATC) refuses beyond ops without a kernel. Sources: the restrictions of its guide (CANN
 * 8.0, "Command-Line Options"; for sizes and outputs, the user guide of MindStudio 5.0, "Model conversion") and the TensorFlow
 * parser of its graph engine, which wants a Placeholder. Chips and releases differ; what any of them refuses is told.
 */

import { bodiesOf } from '../../devices/columns/bodies.js';
import { OpKinds } from '../../devices/columns/op-kinds.js';
import { readAttribute, readType, shapeSizes } from '../../graph/attributes.js';
import { isControlInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { isFused, isTraining } from '../../graph/op-kinds/fused-batch-norm.js';
import { placeholderOps } from '../../graph/op-kinds/placeholders.js';
import { isOptimizer } from '../../graph/op-kinds/training.js';
import { shapeText } from '../../graph/shape-text.js';
import { DataType, dataTypeName } from '../../proto/data-types.js';
import type { TensorShapeProto } from '../../proto/types.js';
import type { Findings } from '../finding.js';
import type { FindingsOf } from './target-findings.js';

/** What inputs may be. */
const inputTypes: readonly number[] = [
  DataType.float16,
  DataType.float32,
  DataType.uint8,
  DataType.int32,
  DataType.int64,
  DataType.bool,
];

/** Ops that update variables, besides optimisers, compute gradients, save or restore. */
const trainingOps: readonly RegExp[] = [
  /^Assign(Add|Sub)?(VariableOp)?$/,
  /^ResourceScatter/,
  /^Scatter(Nd)?(Add|Sub|Mul|Div|Min|Max|Update)$/,
  /^(Save|Restore)(V2|Slices?)?$/,
  /(Grad|BackpropFilter)(V\d+)?$/,
];

/** @throws PermafrostError GRAPH_MALFORMED */
export function checkAscend(graph: Graph, findingsOf: FindingsOf): void {
  const findings = findingsOf(undefined);
  const inputs = graph.nodes.filter(({ op }) => placeholderOps.has(op));
  if (inputs.length === 0)
    findings.error('TARGET_INPUT', undefined, "Ascend's compiler refuses graphs without a Placeholder");
  for (const input of inputs) checkInput(input, findings);
  checkOutputs(graph, findings);
  for (const { nodes, function: body } of bodiesOf(graph)) {
    for (const node of nodes) {
      checkTraining(node, findingsOf(body));
      checkEmpty(node, findingsOf(body));
    }
  }
}

function checkInput(node: GraphNode, findings: Findings): void {
  const dtype = readType(node, 'dtype');
  if (!inputTypes.includes(dtype)) {
    const allowed = inputTypes.map(dataTypeName).join(', ');
    findings.error('TARGET_INPUT', node.name, `the input is ${dataTypeName(dtype)}; an NPU takes ${allowed}`);
  }
  const shape = readAttribute(node, 'shape')?.shape;
  const sizes = shape && !shape.unknown_rank ? shapeSizes(shape) : undefined;
  if (sizes && !sizes.some((size) => size < 0)) return;
  const found = sizes ? shapeText(sizes) : 'of unknown rank';
  findings.error(
    'TARGET_SHAPE',
    node.name,
    `the shape of the input is ${found}, and Ascend's compiler needs all sizes: give them to it ` +
      `(--input_shape="${node.name}:…"), or to the Placeholder`,
  );
}

/** What nothing reads is taken for an output. */
function checkOutputs(graph: Graph, findings: Findings): void {
  const read = new Set<number>();
  graph.nodes.forEach((node, position) => {
    node.inputs.forEach((input, index) => {
      if (!isControlInput(input))
        read.add(graph.wiring.sourceOf((graph.wiring.firstInputs[position] as number) + index));
    });
  });
  const kinds = new OpKinds(graph.library);
  const kindsOfNodes = graph.nodes.map((node) => kinds.numberOf(node));
  const givesInt64 = kinds.list.map(({ outputs }) => outputs.some(({ dtype }) => dtype === DataType.int64));
  graph.nodes.forEach((node, position) => {
    if (read.has(position) || !givesInt64[kindsOfNodes[position] as number]) return;
    const advice =
      node.op === 'ArgMax' || node.op === 'ArgMin' ? 'give it output_type=tf.int32' : 'put a Cast to int32 behind it';
    findings.warning('TARGET_OUTPUT', node.name, `the output is int64, which some NPUs do not give: ${advice}`);
  });
}

function checkTraining(node: GraphNode, findings: Findings): void {
  const { name, op } = node;
  if (isOptimizer(op) || trainingOps.some((pattern) => pattern.test(op))) {
    findings.error(
      'TARGET_TRAINING',
      name,
      `${op} is for training, saving or restoring, and models are compiled for inference`,
    );
  } else if (isFused(node) && isTraining(node)) {
    findings.warning(
      'TARGET_TRAINING',
      name,
      `${op} normalises as in training (is_training): freeze a graph for inference`,
    );
  }
}

/** In constants, a dimension of nothing is an empty list, which does no harm. */
function checkEmpty(node: GraphNode, findings: Findings): void {
  if (node.op === 'Const') return;
  for (const attribute of ['shape', '_output_shapes']) {
    const value = readAttribute(node, attribute);
    const shapes: readonly TensorShapeProto[] = value?.shape ? [value.shape] : (value?.list?.shape ?? []);
    const empty = shapes.map(shapeSizes).find((sizes) => sizes.includes(0));
    if (!empty) continue;
    const message = `a tensor of the node has the shape [${empty.join(', ')}], which has no elements: only constants may`;
    findings.error('TARGET_EMPTY', node.name, message);
    return;
  }
}
