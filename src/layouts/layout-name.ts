/** All forms of output, by the names that callers use, and what everybody but the layouts themselves has to know of them. */
import type { WeightType } from '../passes/weights/weight-rules.js';

export const layoutNames = ['graph-def', 'mmap', 'memmapped', 'saved-model', 'tfjs'] as const;

export type LayoutName = (typeof layoutNames)[number];

/** What one layout alone takes. */
export const layoutOptions = ['weightsRoot', 'shardBytes'] as const;

export interface LayoutFacts {
  /** Otherwise one file. */
  readonly isFolder: boolean;
  /** What TensorFlow's tool writes: a graph without variables is already what it would become. */
  readonly isPlainGraph: boolean;
  readonly options: readonly (typeof layoutOptions)[number][];
  /** Makes functions part of the graph that calls them, which may take any time. */
  readonly inlines: boolean;
  /** Has room for all signatures; the others keep the outputs of one. */
  readonly keepsAllSignatures: boolean;
  /** The files that string constants name come along. */
  readonly copiesAssets: boolean;
  /** Whoever loads it has no need to run what fills the lookup tables. */
  readonly loaderFillsTables: boolean;
  /** Nodes in it may be on devices. */
  readonly hasDevices: boolean;
  /** Types that its reader has no weights of. */
  readonly lacksWeights: readonly WeightType[];
}

const plain: LayoutFacts = {
  isFolder: false,
  isPlainGraph: false,
  options: [],
  inlines: false,
  keepsAllSignatures: false,
  copiesAssets: false,
  loaderFillsTables: false,
  hasDevices: true,
  lacksWeights: [],
};

export const layoutFacts: Readonly<Record<LayoutName, LayoutFacts>> = {
  'graph-def': { ...plain, isPlainGraph: true },
  mmap: { ...plain, isFolder: true, options: ['weightsRoot'] },
  memmapped: plain,
  'saved-model': { ...plain, isFolder: true, keepsAllSignatures: true, copiesAssets: true, loaderFillsTables: true },
  tfjs: {
    ...plain,
    isFolder: true,
    options: ['shardBytes'],
    inlines: true,
    loaderFillsTables: true,
    hasDevices: false,
    lacksWeights: ['int8', 'bfloat16'],
  },
};
