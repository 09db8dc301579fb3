/**
 * The signatures of a graph that was cut, or in which something is bound: an input that is a constant now, or whose data lies in
 * front of a cut, feeds nothing, and what is fed in its place has no name yet for callers.
 */
import { inputNode } from '../graph/edges.js';
import { FreeNames } from '../graph/free-name.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { laneCount, UpstreamLanes } from '../graph/upstream-lanes.js';
import { leastWeight, mostExpanded } from '../graph/weight.js';
import type { Signature, SignatureTensor } from '../io/signature.js';
import { beyond } from '../limits.js';
import { messageType } from '../proto/types.js';
import { inputTensor, tensorInfos } from './node-tensors.js';
import { withoutInputs } from './signatures.js';

/** Bytes that an input of a signature takes besides its names. */
const inputWeight = 2 * leastWeight;

/** Nobody feeds what is bound. @param bound names of nodes. */
export function boundSignature(signature: Signature, bound: ReadonlySet<string>): Signature {
  const isBound = (tensor: string): boolean => bound.has(inputNode(tensor));
  const gone = new Set(signature.inputs.filter(({ tensor }) => isBound(tensor)).map(({ name }) => name));
  if (gone.size === 0) return signature;
  const inputs = signature.inputs.filter(({ name }) => !gone.has(name));
  return { ...signature, inputs, encoded: withoutInputs(signature.encoded, gone) };
}

/**
 * @param cuts names of the placeholders that were put in; each input takes type and shape of its own.
 * @throws PermafrostError LIMIT_EXCEEDED where thousands of signatures take thousands of them.
 */
export function cutSignatures(signatures: readonly Signature[], graph: Graph, cuts: readonly string[]): Signature[] {
  if (cuts.length === 0) return [...signatures];
  const positionOf = ({ tensor }: SignatureTensor): number => graph.wiring.positionOf(inputNode(tensor));
  const lanes = new UpstreamLanes(graph);
  const cut: Signature[] = [];
  const most = mostExpanded(graph);
  let weight = 0;
  for (let start = 0; start < signatures.length; start += laneCount) {
    const group = signatures.slice(start, start + laneCount);
    const needing = lanes.of(group.map(({ outputs }) => outputs.map(positionOf)));
    for (const [lane, signature] of group.entries()) {
      const isNeeded = (name: string): boolean => ((needing[graph.wiring.positionOf(name)] ?? 0) & (1 << lane)) !== 0;
      const own = cuts.filter(isNeeded);
      weight += own.reduce((sum, name) => sum + inputWeight + 2 * name.length, 0);
      if (weight > most)
        throw beyond('expandedBytes', `The new inputs of the signatures come to more than ${most} bytes`);
      cut.push(cutSignature(signature, graph, own, isNeeded));
    }
  }
  return cut;
}

function cutSignature(
  signature: Signature,
  graph: Graph,
  cuts: readonly string[],
  isNeeded: (name: string) => boolean,
): Signature {
  if (cuts.length === 0) return signature;
  const own = new Set(cuts);
  const stays = (tensor: string): boolean => isNeeded(inputNode(tensor)) && !own.has(inputNode(tensor));
  const gone = new Set(signature.inputs.filter(({ tensor }) => !stays(tensor)).map(({ name }) => name));
  const kept = signature.inputs.filter(({ name }) => !gone.has(name));
  const taken = new Set(kept.map(({ name }) => name));
  const names = new FreeNames((name) => taken.has(name));
  const whole = signature.inputs.filter(({ part }) => part === '');
  // Of two inputs that feed one tensor, the first.
  const known = new Map(whole.map(({ tensor, name }) => [tensor, name] as const).reverse());
  const added = Array.from(own, (node) => {
    const name = names.take(known.get(`${node}:0`) ?? node);
    return { ...inputTensor(graph.byName.get(node) as GraphNode), name };
  });
  const encoded = messageType('SignatureDef')
    .encode({ inputs: tensorInfos(added) })
    .finish();
  return {
    ...signature,
    inputs: [...kept, ...added],
    encoded: Buffer.concat([withoutInputs(signature.encoded, gone), encoded]),
  };
}
