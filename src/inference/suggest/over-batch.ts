/** Ops that make one of all examples of a batch: losses, norms and statistics, and not what a model says of an example. */
import { readSmallConstant } from '../../evaluate/small-constant.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { tensorShape } from '../inputs/tensor-facts.js';
import { tensorsInto } from './data-flow.js';

const reductions = /^(Mean|Sum|Max|Min|Prod|All|Any)$/;

export function isOverBatch(graph: Graph, position: number): boolean {
  const node = graph.nodes[position] as GraphNode;
  if (node.op === 'L2Loss') return true;
  if (!reductions.test(node.op)) return false;
  if (tensorShape(graph, node, 0)?.value.length === 0) return true;
  const axes = tensorsInto(graph, position)[1];
  const axesNode = axes && (graph.nodes[axes.position] as GraphNode);
  // All axes, where their number is open.
  if (axesNode?.op === 'Range') return true;
  const numbers = axesNode && readSmallConstant(axesNode)?.numbers();
  return Array.from<number | bigint>(numbers ?? []).some((axis) => Number(axis) === 0);
}
