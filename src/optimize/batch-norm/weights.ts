/** The constant that a convolution or product has its weight from, and what is in between. */
import { integers } from '../../evaluate/shapes.js';
import { readSmallConstant } from '../../evaluate/small-constant.js';
import { countOf } from '../../evaluate/tensor.js';
import { readType } from '../../graph/attributes.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import { throughIdentities } from '../../graph/identities.js';
import type { GraphNode } from '../../graph/node.js';
import { constantForm } from '../../graph/shape.js';
import { StoredTensor } from '../../graph/stored-tensor.js';
import { elementSize, floatTypes } from '../../proto/data-types.js';

export interface Weight {
  /** The constant. Its value is looked at when it is scaled: there may be many, and most of a model's bytes are theirs. */
  readonly node: GraphNode;
  /** DataType number of the constant, and what all of it takes. */
  readonly dtype: number;
  readonly byteLength: number;
  /** The nodes that hand it on to the op, one after the other. */
  readonly path: readonly GraphNode[];
  /** That the op sees: with more axes, of the size 1, than the constant where it is expanded. */
  readonly shape: readonly number[];
}

/** Whether a node hands its first input on, whose channels may so be scaled before it as well as behind it. */
export function handsWeightOn(node: GraphNode): boolean {
  if (node.op === 'Cast') return floatTypes.has(readType(node, 'SrcT')) && floatTypes.has(readType(node, 'DstT'));
  return node.op === 'Identity' || node.op === 'ExpandDims';
}

/** Weights are handed on by a few nodes. There may be a copy of all of them for each op. */
const mostSteps = 32;

/** Undefined where it is no constant of floats. */
export function weightOf(input: string | undefined, graph: Graph): Weight | undefined {
  let text = input ?? '';
  const path: GraphNode[] = [];
  while (path.length <= mostSteps) {
    const { node: name, port } = parseInput(text);
    const node = graph.byName.get(name);
    if (!node || port !== 0 || isControlInput(text)) return undefined;
    if (node.op === 'Const') return constantWeight(node, path.reverse(), graph);
    if (!handsWeightOn(node)) return undefined;
    path.push(node);
    text = node.inputs[0] ?? '';
  }
  return undefined;
}

function constantWeight(node: GraphNode, path: readonly GraphNode[], graph: Graph): Weight | undefined {
  const stored = node.getEdited('value');
  const isStored = stored instanceof StoredTensor;
  const form = isStored ? stored : constantForm(node);
  if (!form || !floatTypes.has(form.dtype) || (isStored && (stored.converted || stored.scaled))) return undefined;
  const shape = expanded(form.shape, path, graph);
  const byteLength = countOf(form.shape) * (elementSize(form.dtype) as number);
  return shape && { node, dtype: form.dtype, byteLength, path, shape };
}

/** Axes are put in one after the other; those below 0 count from the end of the new shape. */
function expanded(from: readonly number[], path: readonly GraphNode[], graph: Graph): number[] | undefined {
  const shape = [...from];
  for (const node of path) {
    if (node.op !== 'ExpandDims') continue;
    const axis = expandedAxis(node, graph);
    if (axis === undefined) return undefined;
    shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, 1);
  }
  return shape;
}

function expandedAxis({ inputs }: GraphNode, graph: Graph): number | undefined {
  const axis = throughIdentities(graph, inputs[1] ?? '')?.node;
  const value = axis && readSmallConstant(axis);
  return value?.elementCount === 1 ? integers(value)?.[0] : undefined;
}
