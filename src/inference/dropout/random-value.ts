/** What is known of a tensor that comes of a random op. */
import type { GraphNode } from '../../graph/node.js';
import type { Amount } from './amount.js';
import type { Factor } from './factor.js';

/** Evenly spread from `low` up to `high`, and `shift` more, which a tensor says. */
export interface Uniform {
  readonly kind: 'uniform';
  readonly low: number;
  readonly high: number;
  readonly shift?: Amount;
}

export interface Normal {
  readonly kind: 'normal';
  readonly mean: number;
  readonly deviation: number;
}

/** The factor (or true) for some elements, zero for the others. */
export interface Mask {
  readonly kind: 'mask';
  /** The share of the elements that the node called origin lets through. */
  readonly keep: Amount;
  readonly factor: Factor;
  /** Whether it lets the others through. */
  readonly isReversed: boolean;
}

/** Data times a mask, with a factor that does not make up for what is dropped yet. */
export interface Masked {
  readonly kind: 'masked';
  /** The input that has the data. */
  readonly data: string;
  /** How much is left. */
  readonly keep: Amount;
  readonly factor: Factor;
  readonly isReversed: boolean;
}

/** Data with a number in the place of what is dropped, all of it times another number. */
export interface Filled {
  readonly kind: 'filled';
  readonly data: string;
  readonly keep: number;
  readonly level: number;
  readonly times: number;
}

/** Which rows a mask lets through. */
export interface Rows {
  readonly kind: 'rows';
  readonly keep: Amount;
}

/** These rows of data. */
export interface Picked {
  readonly kind: 'picked';
  /** The input that has all rows. */
  readonly data: string;
  /** The node that says which ones. */
  readonly rows: string;
  readonly keep: Amount;
}

/** A node that hands data on as soon as a noise does. */
export interface Companion {
  readonly node: GraphNode;
  readonly data: string;
}

/** What training alone adds to data. */
export interface Noise {
  readonly kind: 'noise';
  readonly data: string;
  /** The tensor that says how much is kept, or is dropped. */
  readonly rate?: string | undefined;
  /** In words: what it was told by. */
  readonly reason: string;
  /** The indices of a sparse tensor, where the noise is in its values. */
  readonly companions?: readonly Companion[];
}

/** Where a random value comes from, by names of nodes. */
export interface Origin {
  /** The op that draws the numbers. */
  readonly random: string;
  /** The same; of masks and what they are applied to, the first node that is one. */
  readonly origin: string;
}

export type RandomValue = (Uniform | Normal | Mask | Masked | Filled | Rows | Picked | Noise) & Origin;
