/** New nodes that read a moving statistic. */
import { readType, typeAttribute } from '../../graph/attributes.js';
import { type Attributes, GraphNode } from '../../graph/node.js';
import { handleOp, isVariable, variableType } from '../../graph/variables.js';
import type { Scope } from '../scope.js';

const noMore: Attributes = new Map();

/**
 * @param wanted the name for the node.
 * @param variable its node, or the argument with its handle; `write` is a write to it, which knows its type.
 * @param dtype the type that the value is to have; 0: its own.
 * @returns the name of the node that has the value.
 */
export function readVariable(
  scope: Scope,
  wanted: string,
  variable: GraphNode,
  write: GraphNode | undefined,
  dtype: number,
): string {
  const isReference = isVariable(variable) && variable.op !== handleOp;
  const own = isVariable(variable) ? variableType(variable) : write ? readType(write, 'dtype') : dtype;
  const name = scope.freeName(wanted);
  const set = isReference ? { T: typeAttribute(own) } : { dtype: typeAttribute(own) };
  const read = GraphNode.create(name, isReference ? 'Identity' : 'ReadVariableOp', [variable.name], noMore, set);
  scope.add(read.edit({ device: variable.device }));
  if (dtype === 0 || dtype === own) return name;
  return derived(scope, `${wanted}/Cast`, 'Cast', [name], { SrcT: typeAttribute(own), DstT: typeAttribute(dtype) });
}

/** Another new node. @returns its name. */
export function derived(
  scope: Scope,
  wanted: string,
  op: string,
  inputs: readonly string[],
  set: Readonly<Record<string, Uint8Array>>,
): string {
  const name = scope.freeName(wanted);
  scope.add(GraphNode.create(name, op, inputs, noMore, set));
  return name;
}
