/** Constants of one type and value are one: by their bytes, or the same tensor of the checkpoint. */
import { createHash } from 'node:crypto';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { heldNames, passBy } from '../graph/pass-by.js';
import { StoredTensor } from '../graph/stored-tensor.js';
import type { Optimizing } from './optimization.js';
import { textOfScaling } from './same-scaling.js';

export function mergeConstants(graph: Graph, { outputs, report }: Optimizing): Graph {
  const held = heldNames(graph.nodes);
  const first = new Map<string, string>();
  const instead = new Map<string, string>();
  for (const node of graph.nodes) {
    // One that waits for something belongs to a branch or a loop.
    const content = node.op === 'Const' && node.inputs.length === 0 ? contentOf(node) : undefined;
    if (content === undefined) continue;
    const same = first.get(content);
    if (same === undefined) first.set(content, node.name);
    else if (!outputs.has(node.name) && !held.has(node.name)) {
      instead.set(node.name, same);
      report(node.name, `is ${same}, which has the same value`);
    }
  }
  return instead.size === 0 ? graph : graph.mapNodes((node) => passBy(node, instead));
}

/** A text that only constants of the same type, value and device share. */
function contentOf(node: GraphNode): string | undefined {
  const value = node.get('value');
  if (!value) return undefined;
  if (!(value instanceof StoredTensor)) return `${node.device} ${createHash('sha256').update(value).digest('base64')}`;
  const { key, region, converted, scaled } = value;
  const by = scaled && textOfScaling(scaled.by);
  return converted ? undefined : JSON.stringify([node.device, key, region, by]);
}
