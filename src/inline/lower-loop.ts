/**
 * While as the ops of TensorFlow 1: each variable of the loop enters it, is merged with what the last round left, goes
 * through a Switch that the condition turns, and either round once more or out.
 */
import { PermafrostError } from '../errors.js';
import { intAttribute, readAttribute, readTypes, textAttribute } from '../graph/attributes.js';
import { dataInputs, isControlInput } from '../graph/edges.js';
import type { GraphNode } from '../graph/node.js';
import { DataType } from '../proto/data-types.js';
import type { FlatGraph } from './flat-graph.js';
import { handOn, merge, typed } from './plain-nodes.js';

/** TensorFlow's own default. */
const defaultParallelIterations = 10;

export function lowerLoop(node: GraphNode, flat: FlatGraph): void {
  const { name } = node;
  const controls = node.inputs.filter(isControlInput);
  const inputs = dataInputs(node);
  const types = readTypes(node, 'T');
  if (types.length === 0) throw withoutVariables(node);
  if (types.length !== inputs.length) throw otherTypes(node, types.length, inputs.length);
  const each = (step: string, op: string, inputsOf: (index: number) => readonly string[], more = {}): string[] =>
    types.map((type, index) => {
      flat.push(typed(`${name}/${step}_${index}`, op, inputsOf(index), type, more));
      return `${name}/${step}_${index}`;
    });

  const entered = each('enter', 'Enter', (index) => [inputs[index] ?? '', ...controls], frameOf(node));
  const merged = types.map((type, index) => {
    flat.push(merge(`${name}/merge_${index}`, [entered[index] as string, `${name}/next_${index}`], type));
    return `${name}/merge_${index}`;
  });
  const goesOn = condition(node, merged, flat);
  const switched = each('switch', 'Switch', (index) => [merged[index] as string, goesOn]);
  const args = each('identity', 'Identity', (index) => [`${switched[index]}:1`]);
  const body = readAttribute(node, 'body')?.func ?? {};
  const round = flat.expand(body, { prefix: `${name}/body`, inputs: args, anchors: [`^${args[0]}`] });
  each('next', 'NextIteration', (index) => [round.outputs[index] ?? '', ...round.controls]);
  const left = each('exit', 'Exit', (index) => [switched[index] as string]);
  flat.push(handOn(name, left, types, []));
}

/** The frame's name is that of the node: no other has it. */
function frameOf(node: GraphNode): Record<string, Uint8Array> {
  const parallel = readAttribute(node, 'parallel_iterations')?.i?.toNumber() ?? defaultParallelIterations;
  return { frame_name: textAttribute(node.name), parallel_iterations: intAttribute(parallel) };
}

/** @returns the LoopCond, which tells the Switches whether there is another round. */
function condition(node: GraphNode, merged: readonly string[], flat: FlatGraph): string {
  const { name } = node;
  const called = readAttribute(node, 'cond')?.func ?? {};
  const { outputs, controls } = flat.expand(called, {
    prefix: `${name}/cond`,
    inputs: merged,
    anchors: [`^${merged[0]}`],
  });
  flat.push(typed(`${name}/goes_on`, 'Identity', [outputs[0] ?? '', ...controls], DataType.bool));
  const loopCond = typed(`${name}/loop_cond`, 'LoopCond', [`${name}/goes_on`], DataType.bool);
  flat.push(loopCond.edit({ attributes: new Map() }));
  return loopCond.name;
}

function otherTypes({ name }: GraphNode, types: number, inputs: number): PermafrostError {
  return new PermafrostError(
    'GRAPH_INVALID',
    `Node '${name}' is a loop that says the types of ${types} variables, and has ${inputs}. The file may be damaged; export it again.`,
  );
}

/** In TensorFlow 1 a loop is made of what goes round in it. */
function withoutVariables({ name }: GraphNode): PermafrostError {
  return new PermafrostError(
    'UNSUPPORTED',
    `Node '${name}' is a loop that nothing goes round in, so it cannot be made flat. Freeze the graph with its functions.`,
  );
}
