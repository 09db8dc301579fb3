/** Nodes that call functions and hand them their own inputs, unchanged. */
import { bodyNotation } from '../../../graph/edges.js';
import type { GraphFunction } from '../../../graph/function.js';
import { pastIdentities } from '../../../graph/identities.js';
import type { FunctionLibrary } from '../../../graph/library.js';
import type { GraphNode } from '../../../graph/node.js';
import { choiceOps, loopOps, plainCallOps } from '../../../graph/op-kinds/calls.js';
import {
  argumentOffset,
  type CallRow,
  calledFunctions,
  callRowsOf,
  handedInputs,
} from '../../../passes/retyping/call-rules.js';

const followedOps: ReadonlySet<string> = new Set([...plainCallOps, ...choiceOps, ...loopOps]);

export interface Call {
  readonly row: CallRow;
  /** The functions, in the order of the node's attributes. */
  readonly names: readonly string[];
  /** Inputs of the node that the functions get, by the numbers of their arguments. */
  readonly handed: ReadonlyMap<number, string>;
}

/** @returns undefined for all other nodes, and for calls that cannot be followed because the graph is damaged. */
export function callOf(node: GraphNode, library: FunctionLibrary): Call | undefined {
  if (!followedOps.has(node.op)) return undefined;
  const [row] = callRowsOf(node, library);
  if (!row) return undefined;
  const names = calledFunctions(node, row).map(({ name }) => name);
  const functions = names.map((name) => library.byName.get(name));
  const { start, end } = handedInputs(node, row);
  const count = functions[0]?.inputs.length ?? -1;
  if (!functions.every((each) => each?.inputs.length === count) || count !== end - start) return undefined;
  const offset = argumentOffset(row, { start, end }, count);
  const staying =
    row.returns === 'inputs' ? invariants(library.byName.get(names[0] as string) as GraphFunction) : undefined;
  const handed = new Map<number, string>();
  for (let input = start; input < end; input++) {
    const argument = input + offset;
    if (staying?.has(argument) ?? true) handed.set(argument, node.inputs[input] as string);
  }
  return { row, names, handed };
}

/** The arguments that a loop's body returns as they are, for its next round. */
function invariants(body: GraphFunction): ReadonlySet<number> {
  const staying = body.inputs.flatMap(({ name }, index) => {
    const returned = body.returns.get(body.outputs[index]?.name ?? '');
    return returned !== undefined && pastIdentities(body, returned, bodyNotation)?.node === name ? [index] : [];
  });
  return new Set(staying);
}
