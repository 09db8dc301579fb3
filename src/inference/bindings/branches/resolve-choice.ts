/** If and Case whose branch is known become calls of that branch. */
import { truth } from '../../../evaluate/comparisons.js';
import type { Tensor } from '../../../evaluate/tensor.js';
import { readAttribute } from '../../../graph/attributes.js';
import type { Attribute, GraphNode } from '../../../graph/node.js';
import { DataType } from '../../../proto/data-types.js';
import { messageType, type NameAttrList } from '../../../proto/types.js';

const calls: Readonly<Record<string, string>> = {
  If: 'StatefulPartitionedCall',
  StatelessIf: 'PartitionedCall',
  Case: 'StatefulPartitionedCall',
  StatelessCase: 'PartitionedCall',
};

export interface ResolvedChoice {
  /** Under the name of the choice. */
  readonly node: GraphNode;
  /** What the branch is called among the others. */
  readonly branch: string;
  /** In words: what was known, and which branch that means. */
  readonly text: string;
}

/** @returns undefined where the selector does not say, or the node names no such branch. */
export function resolveChoice(node: GraphNode, selector: Tensor): ResolvedChoice | undefined {
  const isIf = node.op.endsWith('If');
  const branches = isIf
    ? [readAttribute(node, 'else_branch')?.func, readAttribute(node, 'then_branch')?.func]
    : (readAttribute(node, 'branches')?.list?.func ?? []);
  const index = isIf ? conditionOf(selector) : indexOf(selector, branches.length);
  const branch = index === undefined ? undefined : branches[index];
  if (!branch?.name) return undefined;
  const known = isIf ? `is ${index === 1}` : `takes branch ${index}`;
  const text = `calls '${branch.name}': '${node.inputs[0]}' ${known}`;
  return { node: asCall(node, branch), branch: isIf ? (index === 1 ? 'then' : 'else') : `branch_${index}`, text };
}

function conditionOf(selector: Tensor): number | undefined {
  const isTrue = truth(selector);
  return isTrue === undefined ? undefined : Number(isTrue);
}

/** An index that is none of the branches' means the last. */
function indexOf(selector: Tensor, count: number): number | undefined {
  if (selector.dtype !== DataType.int32 || selector.elementCount !== 1) return undefined;
  const index = Number(selector.numbers()?.[0]);
  return index >= 0 && index < count ? index : count - 1;
}

function asCall(node: GraphNode, branch: NameAttrList): GraphNode {
  const attributes = new Map<string, Attribute>();
  for (const [name, value] of node.attributes) {
    const isNote = name.startsWith('_') && name !== '_lower_using_switch_merge';
    if (name === 'Tin' || name === 'Tout' || isNote) attributes.set(name, value);
  }
  const shapes = node.attribute('output_shapes');
  const hasShapes = (readAttribute(node, 'output_shapes')?.list?.shape?.length ?? 0) > 0;
  if (shapes && hasShapes && !attributes.has('_output_shapes')) attributes.set('_output_shapes', shapes);
  attributes.set('f', messageType('AttrValue').encode({ func: branch }).finish());
  return node.edit({ op: calls[node.op] as string, inputs: node.inputs.slice(1), attributes });
}
