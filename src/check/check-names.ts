/** Whether nodes can be told apart, and be named at all. */
import type { GraphNode } from '../graph/node.js';
import type { Wiring } from '../graph/wiring.js';
import { asBuffer } from '../proto/as-buffer.js';
import type { Findings } from './finding.js';
import type { NodeAttributes } from './node-attributes.js';
import type { Scope } from './scope.js';

/** What TensorFlow's importer takes. The names in functions are not held against it. */
const nodeName = /^[A-Za-z0-9.][A-Za-z0-9_>./\\-]*$/;

export function checkName(node: GraphNode, position: number, scope: Scope): void {
  const { findings } = scope;
  if (node.name === '' || (!scope.function && !nodeName.test(node.name))) {
    findings.error(
      'NODE_NAME',
      node.name,
      `node ${position + 1} is called ${JSON.stringify(node.name)}: a name has letters, digits and _ > . / \\ -, and begins with a letter, a digit or a dot`,
    );
  }
  if (node.op === '') findings.error('NODE_NAME', node.name, 'the node has no op');
}

export function checkNamesDiffer({ nodes, numbers, positions }: Wiring, findings: Findings): void {
  nodes.forEach(({ name }, position) => {
    const first = positions[numbers[position] as number] as number;
    if (first === position) return;
    findings.error('NAME_TWICE', name, `node ${position + 1} has the name of node ${first + 1}`);
  });
}

/** In the graph itself, a node can only share the device of one that is there. */
export function checkColocation(node: GraphNode, attributes: NodeAttributes, { wiring, findings }: Scope): void {
  for (const group of attributes.get('_class')?.list.payloads ?? []) {
    const name = asBuffer(group)
      .toString('utf8')
      .replace(/^loc:@/, '');
    if (wiring.has(name)) continue;
    findings.error(
      'COLOCATION_MISSING',
      node.name,
      `its attribute '_class' puts it on the device of '${name}', which names no node of the graph`,
    );
  }
}
