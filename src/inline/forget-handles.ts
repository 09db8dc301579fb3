/**
 * A loop gives out the handles that its body is given, which hardly anybody reads. A node that hands them on would need them
 * when the variables have become constants; it hands its first plain tensor on instead.
 */

import { readTypes, typesAttribute } from '../graph/attributes.js';
import { dataConsumersByName } from '../graph/consumers.js';
import { dataInputs, graphNotation, isControlInput } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import { DataType } from '../proto/data-types.js';

/** @param graph a flat one. */
export function forgetHandles(graph: Graph): Graph {
  const consumersOf = dataConsumersByName(graph.wiring, graphNotation);
  return graph.mapNodes((node) => {
    const types = node.op === 'IdentityN' ? readTypes(node, 'T') : [];
    const plain = types.findIndex((type) => type !== DataType.resource);
    if (plain < 0 || !types.includes(DataType.resource)) return node;
    const read = new Set(consumersOf(node.name).map(({ port }) => port));
    const isIdle = (type: number, port: number): boolean => type === DataType.resource && !read.has(port);
    if (!types.some(isIdle)) return node;
    const data = dataInputs(node);
    const inputs = types.map((type, port) => data[isIdle(type, port) ? plain : port] as string);
    const set = { T: typesAttribute(types.map((type, port) => types[isIdle(type, port) ? plain : port] as number)) };
    return node.edit({ inputs: [...inputs, ...node.inputs.filter(isControlInput)], set });
  });
}
