/** What becomes of the nodes behind a convolution or product whose weight has their factors: one BiasAdd, or an Identity. */
import { floatTensor } from '../../evaluate/floats.js';
import { encodeConstant } from '../../evaluate/tensor-proto.js';
import { readType, textAttribute, typeAttribute } from '../../graph/attributes.js';
import { constantNode } from '../../graph/constant-node.js';
import { isControlInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import type { ChainLink } from './affine-chain.js';
import type { Fold } from './candidates.js';
import type { NodeEdits } from './node-edits.js';

/** The last of the nodes keeps its name. */
export function foldChain({ node, weight, chain, offsets }: Fold, edits: NodeEdits): void {
  const { node: end, layout } = chain.at(-1) as ChainLink;
  const dtype = readType(node, 'T');
  const adds = chain.some(({ affine }) => affine?.adds);
  const bias = adds ? biasOf(weight.node, edits.freeName(`${end.name}/bias`), dtype, offsets) : undefined;
  if (bias) edits.addBefore(end, bias);
  const from = rewire(node, chain, edits);
  const inputs = [...new Set([from, ...(bias ? [bias.name] : []), ...controlsOf(chain)])];
  const attributes = new Map([['T', typeAttribute(dtype)]]);
  if (bias) attributes.set('data_format', textAttribute(layout.axis === layout.rank - 1 ? 'NHWC' : 'NCHW'));
  edits.replace(end.edit({ op: bias ? 'BiasAdd' : 'Identity', inputs, attributes }));
}

/** In the loop or branch that the weight is in. */
function biasOf(weight: GraphNode, name: string, dtype: number, offsets: Float64Array): GraphNode {
  const value = encodeConstant(floatTensor(dtype, [offsets.length], offsets));
  const node = constantNode(name, dtype, value, weight.inputs);
  return weight.device === '' ? node : node.edit({ device: weight.device });
}

/** Puts the links that move elements behind one another. @returns what the last link reads then. */
function rewire(start: GraphNode, chain: readonly ChainLink[], edits: NodeEdits): string {
  let from = start.name;
  for (const { node, affine } of chain) {
    if (affine || node.op === 'Identity') continue;
    edits.replace(node.edit({ inputs: [from, ...node.inputs.slice(1)] }));
    from = node.name;
  }
  return from;
}

/** Of those links that are gone, and of the last one. */
function controlsOf(chain: readonly ChainLink[]): string[] {
  const gone = chain.filter(({ node, affine }) => affine || node.op === 'Identity');
  return gone.flatMap(({ node }) => node.inputs.filter(isControlInput));
}
