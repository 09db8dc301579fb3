/** Whether a graph can be made flat at all, found out before a node is made: functions may double each other's size. */
import { isUint8Array } from 'node:util/types';
import { PermafrostError } from '../errors.js';
import { isControlInput } from '../graph/edges.js';
import type { GraphFunction } from '../graph/function.js';
import { type GivenAttribute, givenAttributes, referencedFunctions } from '../graph/function-references.js';
import type { Graph } from '../graph/graph.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { GraphNode } from '../graph/node.js';
import { choiceOps, loopOps } from '../graph/op-kinds/calls.js';
import { leastWeight, mostExpanded, weightOf } from '../graph/weight.js';
import { beyond, limits } from '../limits.js';
import { openName } from './given-attributes.js';

/** What a body becomes. */
interface Expanded {
  weight: number;
  /** How often the name of the call stands in it, which all its names begin with. */
  names: number;
  /** How often what the call gives for an attribute stands in it, by the attribute's name. */
  readonly open: Map<string, number>;
}

/** Nodes that there are for a call, and for a branch or a loop, besides those for its arguments and results. */
const nodesOfCall = 1;
const nodesOfBranch = 8;

/**
 * What a variable of a loop becomes, by half, since a loop has a condition and a body: six nodes, some of them with inputs and
 * attributes that are worth another.
 */
const nodesOfVariable = 4;

/** Bytes that an input of such a node takes. */
const edgeWeight = 16;

/** @throws PermafrostError GRAPH_INVALID where functions call themselves, LIMIT_EXCEEDED where they come to too much. */
export function checkExpansion(graph: Graph): void {
  const known = new Map<string, Expanded>();
  const { weight } = sizeOf(graph.nodes, graph.library, known, []);
  const most = mostExpanded(graph);
  if (weight <= most) return;
  throw beyond(
    'expandedBytes',
    `The functions of the graph come to ${weight} bytes when they are inlined, and to no more than ${most} are they made flat. ` +
      'Freeze the graph with its functions',
  );
}

/** Nodes with all that they call, by the sizes of the functions that are known. */
function sizeOf(
  nodes: readonly GraphNode[],
  library: FunctionLibrary,
  known: Map<string, Expanded>,
  open: readonly string[],
): Expanded {
  const size: Expanded = { weight: 0, names: 0, open: new Map() };
  const add = (weight: number, names: number, prefix: number): void => {
    size.weight += weight + names * prefix;
    size.names += names;
  };
  const leave = (name: string, times: number): void => void size.open.set(name, (size.open.get(name) ?? 0) + times);
  for (const node of nodes) {
    const inputs = node.inputs.length;
    add(weightOf(node), 1 + inputs, 0);
    const referenced = referencedFunctions(node);
    const controls = choiceOps.has(node.op) || loopOps.has(node.op) ? node.inputs.filter(isControlInput).length : 0;
    for (const name of [node.op, ...referenced]) {
      const called = library.byName.get(name);
      if (!called) continue;
      refuseDepth(open, name);
      const body = known.get(name) ?? sizeOf(called.nodes, library, known, [...open, name]);
      known.set(name, body);
      const around = nodesAround(node, called, referenced.length);
      add(body.weight, body.names, node.name.length);
      add(leastWeight * around, 2 * around, node.name.length);
      // A few are nothing beside the nodes.
      const edges = Math.max(0, edgesOf(node, controls, called) - around);
      add(edgeWeight * edges, Math.min(edges, called.outputs.length), node.name.length);
    }
    for (const name of openAttributes(node)) leave(name, 1);
    for (const { called, name, value } of givenBy(node, library)) {
      const times = known.get(called)?.open.get(name) ?? 0;
      const open = openName(value);
      if (open === undefined) add(value.length * times, 0, 0);
      // The call has it too, while it is there.
      else leave(open, times + 1);
    }
  }
  return size;
}

/** A branch has a Switch for each argument, and a Merge for each result. */
function nodesAround(node: GraphNode, { outputs }: GraphFunction, functions: number): number {
  const inputs = node.inputs.length;
  if (loopOps.has(node.op)) return nodesOfVariable * inputs + nodesOfBranch;
  if (choiceOps.has(node.op)) return inputs + outputs.length + nodesOfBranch;
  return inputs + (functions > 1 ? nodesOfBranch : nodesOfCall);
}

function openAttributes(node: GraphNode): string[] {
  const open: string[] = [];
  node.forEachValue((source, start, end) => {
    const name = openName(source.subarray(start, end));
    if (name !== undefined) open.push(name);
  });
  return open;
}

/** To what a function gives, and from each variable of a loop and argument of a branch to all that it waits for. */
function edgesOf(node: GraphNode, controls: number, { outputs, controlReturns }: GraphFunction): number {
  const waitedFor = controls + (loopOps.has(node.op) ? controlReturns.size : 0);
  return outputs.length + controlReturns.size + (node.inputs.length - controls) * waitedFor;
}

/** To functions in its attributes, or to that which is its op. */
function givenBy(node: GraphNode, library: FunctionLibrary): GivenAttribute[] {
  const given = givenAttributes(node);
  if (library.byName.has(node.op)) {
    for (const [name, value] of node.attributes) {
      if (isUint8Array(value)) given.push({ called: node.op, name, value });
    }
  }
  return given;
}

function refuseDepth(open: readonly string[], name: string): void {
  const { callDepth } = limits();
  const path = [...open, name].slice(-4).map((each) => `'${each}'`);
  const shown = `… ${path.join(' → ')}`;
  if (open.includes(name)) {
    throw new PermafrostError('GRAPH_INVALID', `The functions of the graph call themselves: ${shown}.`);
  }
  if (open.length >= callDepth) {
    throw beyond('callDepth', `The functions of the graph call each other more than ${callDepth} deep: ${shown}`);
  }
}
