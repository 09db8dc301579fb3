/** What callers bind becomes constant: placeholders, constants, and the values of variables. */

import { invalidArgument } from '../../errors.js';
import { asConstant } from '../../evaluate/as-constant.js';
import type { Tensor } from '../../evaluate/tensor.js';
import { readAttribute, readType, shapeSizes } from '../../graph/attributes.js';
import { isControlInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import { asIdentity } from '../../graph/identity-node.js';
import type { GraphNode } from '../../graph/node.js';
import { placeholderOps } from '../../graph/op-kinds/placeholders.js';
import { readShape } from '../../graph/shape.js';
import { isVariable, variableIdentity, variableShape, variableType } from '../../graph/variables.js';
import { listNames, nearest } from '../../nearest.js';
import type { Change } from '../change.js';
import type { Binding, BoundJson } from './binding.js';
import { boundValue } from './bound-value.js';

export interface Bound {
  readonly graph: Graph;
  /** Of the nodes that are constant now. */
  readonly names: readonly string[];
  /** What variables hold from now on, by the names of their nodes. */
  readonly variables: ReadonlyMap<string, Tensor>;
}

/** How many of the nodes that can be bound a message lists. */
const listed = 8;

/** @throws PermafrostError INVALID_ARGUMENT where there is no such node, it cannot be bound, or the value is not of its kind. */
export function bindNodes(graph: Graph, bindings: readonly Binding[], changes: Change[]): Bound {
  const bound = new Map<string, GraphNode>();
  const variables = new Map<string, Tensor>();
  for (const binding of bindings) {
    const { name, value } = binding;
    const nodes = nodesOf(graph, name);
    for (const node of nodes) {
      if (isVariable(node)) variables.set(node.name, variableValue(node, value));
      else bound.set(node.name, boundNode(node, value));
      changes.push({
        rewrite: 'bindings',
        node: node.name,
        functionName: undefined,
        isLeft: false,
        text: textOf(node, binding),
      });
    }
  }
  const edited = bound.size === 0 ? graph : graph.mapNodes((node) => bound.get(node.name) ?? node);
  return { graph: edited, names: [...bound.keys()], variables };
}

function textOf(node: GraphNode, { value, reason = 'as bound' }: Binding): string {
  if (value === undefined) return `is its default, ${reason}`;
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return `${isVariable(node) ? 'holds' : 'is'} ${shown}, ${reason}`;
}

/**
 * A node by its name; or all the handles of a variable of that name.
 * @throws PermafrostError INVALID_ARGUMENT where there is none.
 */
export function nodesOf(graph: Graph, name: string): GraphNode[] {
  const node = graph.byName.get(name);
  const identity = node ? isVariable(node) && variableIdentity(node) : name;
  const variables =
    identity === false ? [] : graph.nodes.filter((each) => isVariable(each) && variableIdentity(each) === identity);
  if (variables.length > 0) return variables;
  if (node) return [node];
  const near = nearest(name, graph.byName.keys());
  const bindable = graph.nodes.filter(({ op }) => placeholderOps.has(op)).map((each) => each.name);
  const hint = near.length > 0 ? ` The nearest names are ${listNames(near)}.` : '';
  const there = bindable.length > 0 ? ` Its placeholders are ${listNames(bindable, listed)}.` : '';
  throw invalidArgument(`There is no node '${name}' in the graph to bind.${hint}${there}`);
}

function boundNode(node: GraphNode, value: BoundJson | undefined): GraphNode {
  const { name, op } = node;
  if (op !== 'Const' && !placeholderOps.has(op)) {
    throw invalidArgument(
      `'${name}' cannot be bound: it is a node of the op ${op}, and only placeholders, constants and variables can.`,
    );
  }
  if (value === undefined) {
    const [input] = node.inputs;
    if (op === 'PlaceholderWithDefault' && input !== undefined && !isControlInput(input)) {
      return asIdentity(node, input, readType(node, 'dtype'));
    }
    throw invalidArgument(
      `'${name}' is a node of the op ${op}, which has no default to be bound to. Write ${name}=VALUE.`,
    );
  }
  return asConstant(node, boundValue({ name, dtype: readType(node, 'dtype'), shape: shapeOf(node) }, value));
}

function shapeOf(node: GraphNode): readonly number[] | undefined {
  if (node.op === 'Const') return shapeSizes(readAttribute(node, 'value')?.tensor?.tensor_shape);
  return readShape(node, 'shape');
}

function variableValue(node: GraphNode, value: BoundJson | undefined): Tensor {
  if (value === undefined)
    throw invalidArgument(`'${node.name}' is a variable and has no default. Write ${node.name}=VALUE.`);
  return boundValue({ name: node.name, dtype: variableType(node), shape: variableShape(node) }, value);
}
