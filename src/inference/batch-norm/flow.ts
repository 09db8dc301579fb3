/** Ways of tensors through a graph, as far as they hand a value on: in another shape, type, branch or loop. */
import { readAttribute, readType } from '../../graph/attributes.js';
import { dataInputs, isControlInput, parseInput, tensorName } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { fusedInputs, fusedOutputs, isFused, isTraining } from '../../graph/op-kinds/fused-batch-norm.js';
import { identityOps, reshapingOps } from '../../graph/op-kinds/handing-on.js';
import { isVariable, variableIdentity } from '../../graph/variables.js';
import { DataType } from '../../proto/data-types.js';

/** Ops that hand their first input on. */
export const passingOps: ReadonlySet<string> = new Set([
  ...identityOps,
  ...reshapingOps,
  ...['Cast', 'Switch', 'Enter', 'Exit'],
]);

/** Ops that hand on a variable, or its value, from their first input. */
export const variablePassingOps: ReadonlySet<string> = new Set([
  ...passingOps,
  ...['ReadVariableOp', 'RefIdentity', 'RefSwitch', 'RefEnter', 'Assign', 'AssignSub', 'AssignAdd'],
]);

/** Nobody writes longer chains of such ops by intent. */
const maxSteps = 32;

/** As `tensorName` has it, whatever form the input is in. */
export function tensorOf(input: string): string {
  const { node, port } = parseInput(input);
  return tensorName(node, port);
}

export function producerOf(graph: Graph, input: string): GraphNode | undefined {
  return graph.byName.get(parseInput(input).node);
}

/** The input that an output of a node is, in whatever shape, type, branch or loop; undefined where it is another tensor. */
export function handedOn(node: GraphNode, port: number): string | undefined {
  // All-reduces of TensorFlow hand gradients over by it.
  if (node.op === 'IdentityN') return dataInputs(node)[port];
  const isWhole = node.op === 'SplitV' && Number(readAttribute(node, 'num_split')?.i ?? 0) === 1;
  return isWhole || passingOps.has(node.op) ? dataInputs(node)[0] : undefined;
}

/** The variable, or the argument with its handle, that an input hands on or is the value of. */
export function variableBehind(graph: Graph, input: string): GraphNode | undefined {
  let next: string | undefined = input;
  for (let step = 0; next !== undefined && step < maxSteps; step++) {
    const node = producerOf(graph, next);
    if (!node || standsForVariable(node)) return node;
    next = sameVariable(node, parseInput(next).port);
  }
  return undefined;
}

/** The input that an output of a node is the same variable as, or the same value. */
function sameVariable(node: GraphNode, port: number): string | undefined {
  const first = variablePassingOps.has(node.op) ? node.inputs[0] : undefined;
  if (first !== undefined) return isControlInput(first) ? undefined : first;
  // At inference, it gives out the statistics that it takes.
  if (!isFused(node) || isTraining(node)) return undefined;
  if (port === fusedOutputs.mean) return node.inputs[fusedInputs.mean];
  return port === fusedOutputs.variance ? node.inputs[fusedInputs.variance] : undefined;
}

function isHandleArgument(node: GraphNode): boolean {
  return node.op === '_Arg' && readType(node, 'T') === DataType.resource;
}

/** Whether it is a variable, or an argument with the handle of one. */
export function standsForVariable(node: GraphNode): boolean {
  return isVariable(node) || isHandleArgument(node);
}

/** The same for all nodes that stand for one variable. */
export function variableKey(node: GraphNode): string {
  return isVariable(node) ? variableIdentity(node) : node.name;
}

/** Whether an input is the value of that variable, or its handle. */
export function isOf(graph: Graph, input: string, key: string): boolean {
  const variable = variableBehind(graph, input);
  return variable !== undefined && variableKey(variable) === key;
}

/** Whether an input is a constant, as far as ops that hand it on tell. */
export function isConstant(graph: Graph, input: string): boolean {
  let node = producerOf(graph, input);
  for (let step = 0; node && step < maxSteps; step++) {
    if (node.op === 'Const') return true;
    const [first] = node.inputs;
    if (!passingOps.has(node.op) || first === undefined) return false;
    node = producerOf(graph, first);
  }
  return false;
}
