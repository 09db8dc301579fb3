/**
 * TensorFlow.js passes over some attributes and computes as if they had their usual values. A model that needs another
 * would give wrong numbers without a word.
 */
import { PermafrostError } from '../../errors.js';
import { readAttribute } from '../../graph/attributes.js';
import type { GraphNode } from '../../graph/node.js';
import type { AttrValue } from '../../proto/types.js';
import { tfjsVersion } from './op-list.generated.js';

interface Rule {
  readonly ops: ReadonlySet<string>;
  readonly attribute: string;
  /** As a person writes it. */
  readonly usual: string;
  readonly isUsual: (value: AttrValue) => boolean;
}

const normalisations = ['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'];
/** Of two and of three spatial dimensions. */
const channelsLast: ReadonlySet<string> = new Set(['NHWC', 'NDHWC']);
const pools = ['AvgPool', 'MaxPool', 'AvgPool3D', 'MaxPool3D'];

const rules: readonly Rule[] = [
  {
    ops: new Set([...normalisations, ...pools, 'BiasAdd', 'Conv2DBackpropInput']),
    attribute: 'data_format',
    usual: 'with the channels last',
    isUsual: ({ s }) => channelsLast.has(Buffer.from(s ?? []).toString('latin1')),
  },
  {
    ops: new Set(normalisations),
    attribute: 'is_training',
    usual: 'by the mean and variance that it is given, and not by those of the batch',
    isUsual: ({ b }) => b === false,
  },
  {
    ops: new Set(['OneHot']),
    attribute: 'axis',
    usual: 'along the last axis',
    isUsual: ({ i }) => i?.toNumber() === -1,
  },
  {
    ops: new Set(['Conv2DBackpropInput']),
    attribute: 'dilations',
    usual: 'without dilation',
    isUsual: ({ list }) => (list?.i ?? []).every((each) => each.toNumber() === 1),
  },
];

/** @throws PermafrostError UNSUPPORTED */
export function refuseIgnoredAttributes(nodes: readonly GraphNode[]): void {
  for (const node of nodes) {
    for (const { ops, attribute, usual, isUsual } of rules) {
      const value = ops.has(node.op) ? readAttribute(node, attribute) : undefined;
      if (!value || isUsual(value)) continue;
      throw new PermafrostError(
        'UNSUPPORTED',
        `TensorFlow.js ${tfjsVersion} computes ${node.op} only ${usual}; the attribute '${attribute}' of node ` +
          `'${node.name}' asks for something else. Change the model, choose outputs that do without it, or another layout.`,
      );
    }
  }
}
