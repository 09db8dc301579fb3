/** A row of the table of what TensorFlow.js computes otherwise, and what conditions are made of. */
import type { NodeFacts } from './node-facts.js';

export interface Difference {
  /** Names of ops, with spaces between them. */
  readonly ops: string;
  /** What of the node makes the difference, as a person says it: an attribute, a type, an input, an output. */
  readonly by: string;
  readonly when: (node: NodeFacts) => boolean;
  /** Follows "TensorFlow.js 4.22.0". */
  readonly instead: string;
}

export type Condition = Difference['when'];

/** DataType numbers. */
export const text = 7;
export const bool = 10;
export const bfloat16 = 14;
export const floats: ReadonlySet<number> = new Set([1, 2, bfloat16, 19]);

export const always: Condition = () => true;

export const typeIn =
  (types: ReadonlySet<number>, attribute = 'T'): Condition =>
  (node) =>
    types.has(node.type(attribute));

export const typeNotIn =
  (types: ReadonlySet<number>, attribute = 'T'): Condition =>
  (node) =>
    !types.has(node.type(attribute));

export const isSet =
  (attribute: string): Condition =>
  (node) =>
    node.flag(attribute);

export const outputAfter =
  (last: number): Condition =>
  (node) =>
    Array.from(node.outputs).some((output) => output > last);

/** Of a list, where `places` says; by default everywhere. */
export const anyBut =
  (usual: number, attribute: string, places: (index: number, length: number) => boolean = () => true): Condition =>
  (node) =>
    node.ints(attribute).some((value, index, { length }) => places(index, length) && value !== usual);

export const either =
  (...conditions: readonly Condition[]): Condition =>
  (node) =>
    conditions.some((each) => each(node));
