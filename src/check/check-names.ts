/** Whether nodes can be told apart, and be named at all. */
import { colocatedNodes } from '../graph/attributes.js';
import type { GraphNode } from '../graph/node.js';
import type { NodeAttributes } from './node-attributes.js';
import type { Scope } from './scope.js';

/** What TensorFlow's importer takes. The names in functions are not held against it. */
const nodeName = /^[A-Za-z0-9.][A-Za-z0-9_>./\\-]*$/;

export function checkName(node: GraphNode, position: number, { positions, findings, ...scope }: Scope): void {
  if (node.name === '' || (!scope.function && !nodeName.test(node.name))) {
    findings.error(
      'NODE_NAME',
      node.name,
      `node ${position + 1} is called ${JSON.stringify(node.name)}: a name has letters, digits and _ > . / \\ -, and begins with a letter, a digit or a dot`,
    );
  }
  if (node.op === '') findings.error('NODE_NAME', node.name, 'the node has no op');
  if (positions.get(node.name) !== position) {
    findings.error(
      'NAME_TWICE',
      node.name,
      `node ${position + 1} has the name of node ${(positions.get(node.name) ?? 0) + 1}`,
    );
  }
}

/** In the graph itself, a node can only share the device of one that is there. */
export function checkColocation(node: GraphNode, attributes: NodeAttributes, { positions, findings }: Scope): void {
  if (!attributes.own.has('_class')) return;
  for (const name of colocatedNodes(node)) {
    if (positions.has(name)) continue;
    findings.error(
      'COLOCATION_MISSING',
      node.name,
      `its attribute '_class' puts it on the device of '${name}', which names no node of the graph`,
    );
  }
}
