/** Puts a moving average in the place of the statistic of the batch that it is kept of. */

import { readAttribute, readType, scalarAttribute, typeAttribute } from '../../graph/attributes.js';
import { constantNode } from '../../graph/constant-node.js';
import type { Consumer } from '../../graph/consumers.js';
import { dataInputs, isControlInput, parseInput, tensorName } from '../../graph/edges.js';
import { asIdentity } from '../../graph/identity-node.js';
import type { GraphNode } from '../../graph/node.js';
import { reshapingOps, splittingOps } from '../../graph/op-kinds/handing-on.js';
import { mostDimensions } from '../../graph/shape.js';
import { DataType } from '../../proto/data-types.js';
import { outputTypes } from '../inputs/tensor-facts.js';
import type { Scope } from '../scope.js';
import type { Places } from './branches.js';
import { choicesOf, isChoice, othersThan } from './choices.js';
import { handedOn, producerOf, tensorOf, variableKey } from './flow.js';
import { numbersInOrder } from './numbers.js';
import { derived, readVariable } from './read-variable.js';
import type { Statistic } from './statistics.js';

export interface Replacement {
  readonly node: GraphNode;
  /** Of its outputs, the one that is the statistic. */
  readonly port: number;
  readonly kind: 'mean' | 'variance';
  readonly statistic: Statistic;
  /** Where the average, which has the variable's shape, gets dimensions of size 1, one after the other. */
  readonly dimensions: readonly number[];
}

/**
 * Finds the tensor of the variable's shape that all uses read; or else the mean that kept its dimensions, of which that is
 * made.
 * @param uses that normalise.
 * @returns undefined where there is none.
 */
export function replacementOf(
  scope: Scope,
  places: Places,
  kind: Replacement['kind'],
  uses: readonly Consumer[],
  statistic: Statistic,
): Replacement | undefined {
  const { update } = statistic;
  if (!update) return undefined;
  const chain = update.chain.map((tensor) => {
    return { node: producerOf(scope.graph, tensor) as GraphNode, port: parseInput(tensor).port };
  });
  const end = chain.at(-1) as Output;
  if (places.of(end.node).isInLoop) return undefined;
  const shaping = chain.findIndex(({ node }) => reshapingOps.has(node.op));
  const ofItsShape = shaping < 0 ? chain : chain.slice(0, shaping + 1);
  const key = variableKey(statistic.variable);
  // What an IdentityN hands on is further down its chain.
  const isRead = (each: Output): boolean =>
    each.node.op !== 'IdentityN' &&
    uses.every(({ node, input }) => comesThrough(scope, node.inputs[input] ?? '', each, key));
  const read = ofItsShape.findLast(isRead);
  if (read) return { ...read, kind, statistic, dimensions: [] };
  const shaped = (ofItsShape.at(-1) as Output).node;
  const own = end.node.op === 'Mean' ? end : chain.slice(ofItsShape.length).findLast(isRead);
  const dimensions =
    end.node.op === 'Mean' ? keptDimensions(scope, end.node, shaped) : squeezedDimensions(chain, shaped);
  if (!own || !dimensions || dimensions.length > mostDimensions) return undefined;
  return { ...own, kind, statistic, dimensions };
}

type Output = Pick<Replacement, 'node' | 'port'>;

const maxSteps = 32;

/** Whether an input is that output of a node, in whatever shape and branch, but not multiplied by anything. */
function comesThrough(scope: Scope, input: string, wanted: Output, key: string): boolean {
  let next: string | undefined = input;
  for (let step = 0; next !== undefined && step < maxSteps; step++) {
    const node = producerOf(scope.graph, next);
    if (!node) return false;
    const { port } = parseInput(next);
    if (node === wanted.node && (port === wanted.port || !splittingOps.has(node.op))) return true;
    if (isChoice(node)) next = othersThan(choicesOf(scope.graph, node), key).first;
    else next = sums.has(node.op) ? dataInputs(node)[0] : handedOn(node, port);
  }
  return false;
}

/** Between a variance and its root. */
const sums: ReadonlySet<string> = new Set(['Add', 'AddV2', 'Maximum']);

/** The dimensions that a mean kept and a Squeeze took away; undefined where it is not as simple as that. */
function keptDimensions(scope: Scope, mean: GraphNode, shaped: GraphNode): number[] | undefined {
  const keeps = readAttribute(mean, 'keep_dims')?.b ?? false;
  if (mean.op !== 'Mean' || !keeps || shaped.op !== 'Squeeze') return undefined;
  const axes = numbersInOrder(scope.graph, mean.inputs[1] ?? '');
  const squeezed = squeezedBy(shaped);
  if (!axes || axes.length === 0 || (squeezed.length > 0 && squeezed.join() !== axes.join())) return undefined;
  if (axes.every((axis) => axis >= 0)) return axes;
  return axes.every((axis) => axis < 0) ? axes.reverse() : undefined;
}

/** Those that a Squeeze says it takes away; undefined where another op than that changes the shape, or where it says nothing. */
function squeezedDimensions(chain: readonly Output[], shaped: GraphNode): number[] | undefined {
  const isAlone = chain.every(({ node }) => node === shaped || !reshapingOps.has(node.op));
  if (!isAlone || shaped.op !== 'Squeeze') return undefined;
  const squeezed = squeezedBy(shaped);
  return squeezed.length > 0 && squeezed.every((each) => each >= 0) ? squeezed : undefined;
}

function squeezedBy(shaped: GraphNode): number[] {
  return (readAttribute(shaped, 'squeeze_dims')?.list?.i ?? []).map(Number).sort((a, b) => a - b);
}

/** The node becomes an Identity of the average; where it has other outputs, those who read this one read such an Identity. */
export function putAverage(
  scope: Scope,
  places: Places,
  { node, port, kind, statistic, dimensions }: Replacement,
): void {
  const dtype = outputTypes(node, scope.graph)?.[port] || readType(node, 'T');
  const name = `${node.name}/moving_${kind}`;
  let average = readVariable(scope, name, statistic.variable, statistic.update?.write, dtype);
  for (const dimension of dimensions) {
    const axis = scope.freeName(`${name}/dim`);
    scope.add(constantNode(axis, DataType.int32, scalarAttribute({ dtype: DataType.int32, int_val: [dimension] })));
    const set = { T: typeAttribute(dtype), Tdim: typeAttribute(DataType.int32) };
    average = derived(scope, `${name}/ExpandDims`, 'ExpandDims', [average, axis], set);
  }
  const controls = [...branchControls(scope, places, node), ...node.inputs.filter(isControlInput)];
  if (!splittingOps.has(node.op)) {
    scope.replace(asIdentity(node.edit({ inputs: controls }), average, dtype));
    return;
  }
  const own = derived(scope, `${name}/own`, 'Identity', [average, ...controls], { T: typeAttribute(dtype) });
  const tensor = tensorName(node.name, port);
  for (const { name: reader } of new Set(scope.readers(node.name).map((each) => each.node))) {
    const by = scope.node(reader) as GraphNode;
    scope.replace(by.edit({ inputs: by.inputs.map((input) => (tensorOf(input) === tensor ? own : input)) }));
  }
}

/** A node of a branch is to run only where the branch is taken. */
function branchControls(scope: Scope, places: Places, node: GraphNode): string[] {
  const { branch } = places.of(node);
  const source = branch === undefined ? undefined : producerOf(scope.graph, branch);
  if (branch === undefined || !source) return [];
  const set = { T: typeAttribute(readType(source, 'T')) };
  return [`^${derived(scope, `${node.name}/branch`, 'Identity', [branch.replace(/:0$/, '')], set)}`];
}
