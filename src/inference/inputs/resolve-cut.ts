/** What an asked-for input comes to in a graph: which tensor of which node it is, and what the placeholder will be. */
import { invalidArgument } from '../../errors.js';
import { parseInput } from '../../graph/edges.js';
import { freeName } from '../../graph/free-name.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { shapeInOptions } from '../../graph/shape-text.js';
import { listNames, nearest } from '../../nearest.js';
import { dataTypeName, dataTypeNumber } from '../../proto/data-types.js';
import { canBeFed, type InputCut } from './input-cut.js';
import { OutputFacts, type Reader, type Told, takenType } from './tensor-facts.js';

export interface ResolvedCut {
  readonly node: GraphNode;
  readonly port: number;
  /** Of the placeholder. */
  readonly name: string;
  /** DataType number. */
  readonly dtype: number;
  /** Undefined where the rank is open. */
  readonly shape: readonly number[] | undefined;
  /** Whether that is what the graph says, so that what it says of the nodes behind it holds too. */
  readonly isShapeOfGraph: boolean;
  /** Attributes, or who else says of the tensor what it is; for the report. */
  readonly evidence: string;
  readonly readers: readonly Reader[];
}

/** @throws PermafrostError INVALID_ARGUMENT */
export function resolveCuts(graph: Graph, cuts: readonly InputCut[]): ResolvedCut[] {
  let facts: OutputFacts | undefined;
  return cuts.map((cut) => {
    const { node, port } = locate(graph, cut.tensor);
    if (facts?.node !== node) facts = new OutputFacts(graph, node);
    return resolveCut(graph, cut, port, facts);
  });
}

function resolveCut(graph: Graph, cut: InputCut, port: number, facts: OutputFacts): ResolvedCut {
  const { node, count } = facts;
  if (port >= count) {
    const has = count === 1 ? 'one output' : `${count} outputs`;
    const which = count === 0 ? '' : `, '${node.name}:0'${count > 1 ? ` to ':${count - 1}'` : ''}`;
    throw invalidArgument(`There is no output '${cut.tensor}': '${node.name}' (${node.op}) has ${has}${which}.`);
  }
  const readers = facts.readers.get(port) ?? [];
  return {
    node,
    port,
    name: nameOf(graph, cut, node, port, count),
    ...typeOf(cut, facts.types?.[port] ?? 0, readers),
    ...shapeOf(cut, facts.shape(port)),
    readers,
  };
}

function locate(graph: Graph, tensor: string): { node: GraphNode; port: number } {
  const { node: name, port } = parseInput(tensor);
  const node = graph.byName.get(name);
  if (!node) {
    const body = graph.library.functions.find(({ nodes }) => nodes.some((each) => each.name === name));
    const near = nearest(name, graph.byName.keys());
    const hint = body
      ? ` There is one in the function '${body.name}', and only the graph itself is cut: cut the tensor where the function is called.`
      : near.length > 0
        ? ` The nearest names are ${listNames(near)}.`
        : ' `permafrost suggest` lists what could be.';
    throw invalidArgument(`There is no node '${name}' in the graph to be an input.${hint}`);
  }
  if (!Number.isInteger(port) || port < 0)
    throw invalidArgument(`'${tensor}' is no tensor: write '${name}' or '${name}:0'.`);
  return { node, port };
}

/** A node with one output becomes the placeholder itself, unless another name is wanted. */
function nameOf(graph: Graph, { name, tensor }: InputCut, node: GraphNode, port: number, outputs: number): string {
  const isOwn = outputs === 1;
  if (name === undefined) return isOwn ? node.name : freeName(`${node.name}_${port}`, (each) => graph.byName.has(each));
  const taken = isOwn && name === node.name ? undefined : graph.byName.get(name);
  if (!taken) return name;
  throw invalidArgument(
    `The input '${tensor}' cannot be named '${name}': the graph has a node of that name (${taken.op}).`,
  );
}

function typeOf(cut: InputCut, declared: number, readers: readonly Reader[]): Pick<ResolvedCut, 'dtype' | 'evidence'> {
  const inGraph = declared || takenType(readers);
  const given = cut.dtype === undefined ? 0 : dataTypeNumber(cut.dtype);
  const dtype = inGraph || given;
  if (dtype === 0) {
    throw invalidArgument(
      `Nothing in the graph says of what type '${cut.tensor}' is. Say it: '${cut.tensor}=NAME:float32'.`,
    );
  }
  if (!canBeFed(dtype)) {
    const advice = readers.length > 0 ? ` Take what is made of it, by ${namesOf(readers)}.` : '';
    throw invalidArgument(`'${cut.tensor}' is a ${dataTypeName(dtype)}, which nobody can feed.${advice}`);
  }
  if (given !== 0 && given !== dtype) {
    throw invalidArgument(
      `The input '${cut.tensor}' is ${dataTypeName(dtype)} in the graph, and what reads it takes nothing else, so it cannot be ` +
        `${cut.dtype}. Leave the type out, or cut the graph at another tensor.`,
    );
  }
  const evidence = declared !== 0 ? 'its op' : inGraph !== 0 ? 'what reads it' : 'the option';
  return { dtype, evidence: `type by ${evidence}` };
}

function shapeOf(
  { tensor, shape: given }: InputCut,
  told: Told<readonly number[]> | undefined,
): Pick<ResolvedCut, 'shape' | 'isShapeOfGraph'> {
  if (!given) return { shape: told?.value, isShapeOfGraph: true };
  const shape = given.map((size) => size ?? -1);
  if (told && !agree(shape, told.value)) {
    throw invalidArgument(
      `The input '${tensor}' is ${shapeInOptions(told.value)} in the graph (${told.by}), so it cannot be ${shapeInOptions(shape)}. ` +
        'Use ? for a size that callers choose.',
    );
  }
  const isShapeOfGraph = told !== undefined && shape.every((size, axis) => size === told.value[axis]);
  return { shape, isShapeOfGraph };
}

function agree(shape: readonly number[], known: readonly number[]): boolean {
  const isSame = (size: number, axis: number): boolean =>
    size < 0 || (known[axis] as number) < 0 || size === known[axis];
  return shape.length === known.length && shape.every(isSame);
}

export function namesOf(readers: readonly Reader[]): string {
  return listNames([...new Set(readers.map(({ node }) => node.name))], 3);
}
