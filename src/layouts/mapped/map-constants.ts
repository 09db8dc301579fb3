/**
 * Turns large constants into ImmutableConst, an op of TensorFlow that maps its elements from a file or from a region of a
 * package instead of having them in the graph.
 */
import { isUint8Array } from 'node:util/types';
import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import { hostOf } from '../../devices/device-spec.js';
import { rawContent, readConstant } from '../../evaluate/tensor-proto.js';
import { shapeAttribute, textAttribute, typeAttribute } from '../../graph/attributes.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { StoredTensor } from '../../graph/stored-tensor.js';
import { validateGraph } from '../../graph/validate.js';
import { PayloadEncoding } from '../../native.js';
import { measure } from '../../plan/payload-sizes.js';
import { isTensor, type Segment, type Segments } from '../../plan/plan.js';
import { tensorForm } from '../../plan/tensor-form.js';
import { elementSize } from '../../proto/data-types.js';
import { isProtectable, protect } from './protect.js';
import { Writers } from './writers.js';

export interface MapSettings {
  /** Names of nodes whose values callers get. */
  readonly outputs: readonly string[];
  /** The fewest bytes of a constant that is mapped. */
  readonly threshold: number;
  /** What `memory_region_name` is before the name. */
  readonly prefix: string;
  /** Gives a node its name; asked once for each, in the order of the graph. */
  readonly nameOf: (node: string) => string;
}

/** A constant's elements, little-endian and back to back. */
export interface MappedConstant extends Segments {
  readonly name: string;
}

export interface MappedGraph {
  readonly graph: Graph;
  /** In the order of the graph. */
  readonly constants: readonly MappedConstant[];
}

/** A constant that is large enough. */
interface Elements {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly content: Segment;
  readonly size: number;
}

/** What to do where the graph is too large all the same. */
export const whatIsLeft: string =
  'The large constants are outside of it already: what is left is in many small ones or in functions, which `inline` ' +
  'makes part of the graph. Choose outputs that need less of it.';

export const immutableConst = 'ImmutableConst';
export const regionAttribute = 'memory_region_name';

/** Name, inputs and further attributes of a constant stay as they are. Functions are left alone. */
export function mapConstants(graph: Graph, { outputs, threshold, prefix, nameOf }: MapSettings): MappedGraph {
  const writers = new Writers(graph, new Set(outputs));
  const constants: MappedConstant[] = [];
  const dtypes = new Map<string, number>();
  const nodes = graph.nodes.map((node) => {
    const elements = largeElements(node, threshold);
    if (!elements || !isProtectable(node.name, elements.dtype, writers)) return node;
    const { dtype, shape, content, size } = elements;
    const name = nameOf(node.name);
    constants.push({ name, segments: [content], size });
    dtypes.set(node.name, dtype);
    return immutable(node, dtype, shape, prefix + name);
  });
  const mapped = protect(graph.withNodes(nodes), dtypes, writers);
  validateGraph(mapped, 'The mapped graph');
  return { graph: mapped, constants };
}

/**
 * @throws PermafrostError SHARD_MISSING, CHECKPOINT_MALFORMED and READ_FAILED where the shard of a constant is not there or
 * too short: the write would fail.
 */
export async function requireElements(constants: readonly MappedConstant[], checkpoint: Checkpoint): Promise<void> {
  const stored = constants.flatMap(({ segments }) => segments.filter(isTensor));
  await measure(stored, checkpoint);
}

function immutable(node: GraphNode, dtype: number, shape: readonly number[], region: string): GraphNode {
  const attributes = new Map(node.attributes);
  attributes.delete('value');
  attributes.set('dtype', typeAttribute(dtype));
  attributes.set('shape', shapeAttribute(shape));
  attributes.set(regionAttribute, textAttribute(region));
  // Only the host has a kernel that maps files.
  return node.edit({ op: immutableConst, device: hostOf(node.device), attributes });
}

/** Undefined for what is no constant, too small, or has no elements of one size: strings. */
function largeElements(node: GraphNode, threshold: number): Elements | undefined {
  if (node.op !== 'Const') return undefined;
  const stored = node.encoded ? undefined : node.attributes.get('value');
  const elements = stored instanceof StoredTensor ? storedElements(stored) : literalElements(node, threshold);
  return elements && elements.size >= threshold ? elements : undefined;
}

function storedElements(tensor: StoredTensor): Elements | undefined {
  const { dtype, shape } = tensor;
  const each = elementSize(dtype);
  const form = tensorForm(tensor);
  if (each === undefined || form === undefined) return undefined;
  const size = tensor.elementCount * each;
  // As in a TensorProto, but for the few types whose elements are varints there.
  const encoding = form.encoding === PayloadEncoding.varint ? PayloadEncoding.raw : form.encoding;
  return { dtype, shape, content: { tensor, encoding, size }, size };
}

/** What was a constant before. A few bytes that stand for many elements stay a few bytes. */
function literalElements(node: GraphNode, threshold: number): Elements | undefined {
  if ((node.attribute('value')?.length ?? 0) < threshold) return undefined;
  const content = rawContent(node) ?? readConstant(node);
  if (!isUint8Array(content?.elements)) return undefined;
  return { dtype: content.dtype, shape: content.shape, content: content.elements, size: content.elements.length };
}
