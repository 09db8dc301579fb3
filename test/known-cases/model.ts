/** Freezes a graph of scalar variables with the API, and shows the frozen graph as lines of text. */
import { readFileSync, writeFileSync } from 'node:fs';
import { decodeGraph } from '../../src/graph/decode.js';
import type { GraphNode } from '../../src/graph/node.js';
import type { FreezeOptions } from '../../src/index.js';
import { float32 } from '../support/bytes.js';
import { freeze } from '../support/freeze.js';
import { type FunctionLiteral, libraryOf } from '../support/functions.js';
import { float, graphDef, type NodeLiteral } from '../support/graph-def.js';
import { smallModel } from '../support/model.js';

export interface KnownModel {
  readonly nodes: readonly NodeLiteral[];
  readonly functions?: Readonly<Record<string, FunctionLiteral>>;
  /** The scalars of the checkpoint. */
  readonly values: Readonly<Record<string, number>>;
}

export interface FrozenModel {
  /** Each node as `name = Op(inputs)`; a constant of the checkpoint as `name = value`. */
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
    shape: [],
    bytes: float32(value),
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
  // TensorProto { dtype: DT_FLOAT, tensor_shape: {}, float_val: the last four bytes }
  const scalar = Buffer.from(node.attribute('value') ?? []);
  if (node.op === 'Const' && scalar.length > 0) return `${node.name} = ${scalar.readFloatLE(scalar.length - 4)}`;
  return `${node.name} = ${node.op}(${node.inputs.join(', ')})`;
}
