/**
 * The signatures of a graph that was cut, or in which something is bound: an input that is a constant now, or whose data lies in
 * front of a cut, feeds nothing, and what is fed in its place has no name yet for callers.
 */
import { inputNode } from '../graph/edges.js';
import { FreeNames } from '../graph/free-name.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { upstream } from '../graph/upstream.js';
import type { Signature } from '../io/signature.js';
import { messageType } from '../proto/types.js';
import { inputTensor, tensorInfos } from './node-tensors.js';
import { withoutInputs } from './signatures.js';

/** Nobody feeds what is bound. @param bound names of nodes. */
export function boundSignature(signature: Signature, bound: ReadonlySet<string>): Signature {
  const isBound = (tensor: string): boolean => bound.has(inputNode(tensor));
  const gone = new Set(signature.inputs.filter(({ tensor }) => isBound(tensor)).map(({ name }) => name));
  if (gone.size === 0) return signature;
  const inputs = signature.inputs.filter(({ name }) => !gone.has(name));
  return { ...signature, inputs, encoded: withoutInputs(signature.encoded, gone) };
}

/** @param cuts names of the placeholders that were put in; each input takes type and shape of its own. */
export function cutSignature(signature: Signature, graph: Graph, cuts: readonly string[]): Signature {
  const needed = upstream(
    graph,
    signature.outputs.map(({ tensor }) => inputNode(tensor)),
  );
  const own = new Set(cuts.filter((name) => needed.has(name)));
  if (own.size === 0) return signature;
  const stays = (tensor: string): boolean => needed.has(inputNode(tensor)) && !own.has(inputNode(tensor));
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
