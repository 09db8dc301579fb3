/** What an input's text names: the types of the tensors that it stands for. */
import { parseInput } from '../graph/edges.js';
import type { GraphNode } from '../graph/node.js';
import { listed } from '../listed.js';
import { shortName } from '../printable.js';
import { dataTypeName, referenceOffset } from '../proto/data-types.js';
import type { FindingCode } from './finding.js';
import { isList } from './node-interface.js';
import { type Port, typeAt } from './ports.js';
import type { Scope } from './scope.js';

/** An input that names nothing. */
export interface WrongInput {
  readonly code: FindingCode;
  readonly message: string;
}

/** The types of the tensors; undefined where it is not known what they are, or how many. */
export type InputTypes = readonly number[] | undefined | WrongInput;

export function isWrong(types: InputTypes): types is WrongInput {
  return types !== undefined && 'code' in types;
}

/** @returns undefined where a control input names a node, or an argument, of its scope. */
export function controlFault(text: string, producer: number, scope: Scope): WrongInput | undefined {
  if (producer >= 0 || scope.arguments.has(text.slice(1))) return undefined;
  const place = scope.function ? `node or argument of '${shortName(scope.function.name)}'` : 'node of the graph';
  return { code: 'INPUT_MISSING', message: `its control input '${text}' names no ${place}` };
}

/**
 * @param text a data input, as the nodes of the scope write it.
 * @param producer where the node that it names stands; -1 where it names none.
 */
export function inputTypes(text: string, producer: number, scope: Scope): InputTypes {
  return scope.function ? bodyTypes(text, producer, scope, scope.function.name) : graphTypes(text, producer, scope);
}

function graphTypes(text: string, position: number, scope: Scope): InputTypes {
  const { port } = parseInput(text);
  if (position < 0) {
    return { code: 'INPUT_MISSING', message: `its input '${text}' names no node of the graph` };
  }
  if (!Number.isInteger(port) || port < 0 || text.endsWith(':')) {
    return { code: 'INPUT_FORM', message: `its input '${text}' is not written 'node', 'node:number' or '^node'` };
  }
  const known = scope.interfaces[position];
  if (!known) return [0];
  const type = known.outputs.typeAt(port);
  if (type !== undefined) return [type];
  const producer = scope.nodes[position] as GraphNode;
  return {
    code: 'INPUT_PORT',
    message: `its input '${text}' is output ${port} of ${describe(producer)}, which has ${known.outputs.count}`,
  };
}

function bodyTypes(text: string, position: number, scope: Scope, functionName: string): InputTypes {
  const [name = '', output, index, more] = text.split(':');
  const argument = scope.arguments.get(name);
  // `argument:0` is the first tensor of an argument, all of it unless the argument is a list.
  if (argument && (output === undefined || (index === undefined && /^\d+$/.test(output)))) {
    if (isList(argument)) return output === undefined ? undefined : [argument.type];
    if (output === undefined || Number(output) === 0) return [argument.type];
    return { code: 'INPUT_PORT', message: `its input '${text}' is tensor ${output} of an argument that is one tensor` };
  }
  if (position < 0) {
    return {
      code: 'INPUT_MISSING',
      message: `its input '${text}' names no node or argument of '${shortName(functionName)}'`,
    };
  }
  if (output === undefined || more !== undefined || (index !== undefined && !/^\d+$/.test(index))) {
    return {
      code: 'INPUT_FORM',
      message: `its input '${text}' is not written 'argument', 'node:output:number' or '^node', as functions do`,
    };
  }
  return outputTypes(text, position, scope, output, index);
}

function outputTypes(
  text: string,
  position: number,
  scope: Scope,
  output: string,
  index: string | undefined,
): InputTypes {
  const known = scope.interfaces[position];
  if (!known) return index === undefined ? undefined : [0];
  const producer = scope.nodes[position] as GraphNode;
  const port = known.outputs.named(output);
  if (!port) {
    const names = listed(known.outputs.list, mostListed, ({ name }) => name) || 'none';
    const message = `its input '${text}' is output '${output}' of ${describe(producer)}, whose outputs are: ${names}`;
    return { code: 'INPUT_PORT', message };
  }
  if (index === undefined) return allTypes(port, scope);
  const type = typeAt(port, Number(index));
  if (type !== undefined) return [type];
  const message = `its input '${text}' is tensor ${index} of '${output}' of ${describe(producer)}, which is ${port.count}`;
  return { code: 'INPUT_PORT', message };
}

/** Undefined where there are too many: an attribute can claim any number, and very many inputs may stand for all of them. */
function allTypes(port: Port, { expansion }: Scope): readonly number[] | undefined {
  if (port.count === 1) return port.types;
  if (port.count > expansion.left) return undefined;
  expansion.left -= port.count;
  return Array.from({ length: port.count }, (_, index) => typeAt(port, index) ?? 0);
}

function describe({ name, op }: GraphNode): string {
  return `'${name}' (${shortName(op)})`;
}

/** Whether a tensor may go where another type is wanted: a reference is read as its value, never the other way round. */
export function fits(given: number, wanted: number): boolean {
  if (given === 0 || wanted === 0 || given === wanted) return true;
  return given > referenceOffset && given - referenceOffset === wanted;
}

/** Thousands of findings may list the same. */
export const mostListed = 50;

/** As in "float32, int32". */
export function typeNames(types: readonly number[]): string {
  return listed(types, mostListed, (type) => (type === 0 ? 'any' : dataTypeName(type))) || 'nothing';
}
