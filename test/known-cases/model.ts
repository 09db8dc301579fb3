/** Freezes a graph of small variables with the API, and shows the frozen graph as lines of text. */
import { readFileSync, writeFileSync } from 'node:fs';
import { decodeGraph } from '../../src/graph/decode.js';
import type { GraphNode } from '../../src/graph/node.js';
import type { FreezeOptions } from '../../src/index.js';
import { type AttrValue, messageType } from '../../src/proto/types.js';
import { float32 } from '../support/bytes.js';
import { freeze } from '../support/freeze.js';
import { type FunctionLiteral, libraryOf } from '../support/functions.js';
import { float, graphDef, type NodeLiteral } from '../support/graph-def.js';
import { smallModel } from '../support/model.js';

export interface KnownModel {
  readonly nodes: readonly NodeLiteral[];
  readonly functions?: Readonly<Record<string, FunctionLiteral>>;
  /** The float32 scalars and vectors of the checkpoint. */
  readonly values: Readonly<Record<string, number | readonly number[]>>;
}

export interface FrozenModel {
  /** Each node as `name = Op(inputs)`; a constant as `name = 1` or `name = [1, 2]`. */
  readonly nodes: string[];
  /** By name: `(arguments with types) → (results with types)`, then the body's nodes. */
  readonly functions: Record<string, string[]>;
  readonly bytes: Buffer;
}

export async function freezeModel(
  { nodes, functions = {}, values }: KnownModel,
  options: Omit<FreezeOptions, 'graph' | 'checkpoint' | 'out'>,
): Promise<FrozenModel> {
  const tensors = Object.entries(values).map(([key, value]) => ({
    key,
    dtype: float,
    shape: typeof value === 'number' ? [] : [value.length],
    bytes: float32(...[value].flat()),
  }));
  const { graph, checkpoint, out } = smallModel(nodes, tensors);
  writeFileSync(graph, graphDef(nodes, { library: libraryOf(functions) }));
  await freeze({ graph, checkpoint, out, ...options });
  const bytes = readFileSync(out);
  const frozen = decodeGraph(bytes, out);
  const args = (list: readonly { name: string; type: number }[]): string =>
    list.map(({ name, type }) => `${name}: ${type}`).join(', ');
  const bodies = frozen.library.functions.map(({ name, inputs, outputs, nodes: body }) => [
    name,
    [`(${args(inputs)}) → (${args(outputs)})`, ...body.map(line)],
  ]);
  return { nodes: frozen.nodes.map(line), functions: Object.fromEntries(bodies), bytes };
}

/** The nodes of a frozen file. */
export function linesOf(file: string): string[] {
  return decodeGraph(readFileSync(file), file).nodes.map(line);
}

function line(node: GraphNode): string {
  const right = node.op === 'Const' ? constant(node) : `${node.op}(${node.inputs.join(', ')})`;
  return `${node.name} = ${right}`;
}

/** What a constant holds: floats, whole numbers or strings; in brackets, unless it is a scalar. */
function constant(node: GraphNode): string {
  const { tensor = {} } = messageType('AttrValue').decode(node.attribute('value') ?? new Uint8Array(0)) as AttrValue;
  const content = Buffer.from(tensor.tensor_content ?? []);
  const floats = Array.from({ length: content.length / 4 }, (_, index) => content.readFloatLE(4 * index));
  const strings = (tensor.string_val ?? []).map((each) => Buffer.from(each).toString());
  const values = [...(tensor.float_val ?? []), ...(tensor.int_val ?? []), ...strings, ...floats].join(', ');
  return (tensor.tensor_shape?.dim ?? []).length === 0 ? values : `[${values}]`;
}
