/** Functions written as object literals. */
import type { NodeLiteral } from './graph-def.js';

export interface FunctionLiteral {
  /** DataType numbers by the name of the argument. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, number>>;
  readonly nodes: readonly NodeLiteral[];
  /** The tensor of each output. */
  readonly returns: Readonly<Record<string, string>>;
  /** Nodes that run whenever the function is called. */
  readonly controls?: readonly string[];
}

/** A FunctionDefLibrary. */
export function libraryOf(functions: Readonly<Record<string, FunctionLiteral>>): object {
  return { function: Object.entries(functions).map(([name, each]) => functionDef(name, each)) };
}

function functionDef(name: string, { inputs, outputs, nodes, returns, controls = [] }: FunctionLiteral): object {
  const args = (types: Readonly<Record<string, number>>): object[] =>
    Object.entries(types).map(([arg, type]) => ({ name: arg, type }));
  return {
    signature: { name, input_arg: args(inputs), output_arg: args(outputs), control_output: controls },
    node_def: nodes,
    ret: returns,
    control_ret: Object.fromEntries(controls.map((control) => [control, control])),
  };
}

export const funcAttr = (name: string, attr: object = {}): object => ({ func: { name, attr } });
export const funcsAttr = (...names: string[]): object => ({ list: { func: names.map((name) => ({ name })) } });
export const typesAttr = (...type: number[]): object => ({ list: { type } });

/** A call of a function with arguments and results of these types. */
export function call(
  name: string,
  input: readonly string[],
  f: string,
  types: readonly number[],
  results: readonly number[] = [1],
): NodeLiteral {
  const attr = { f: funcAttr(f), Tin: typesAttr(...types), Tout: typesAttr(...results) };
  return { name, op: 'PartitionedCall', input, attr };
}
