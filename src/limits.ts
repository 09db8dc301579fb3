/**
 * What a file may ask for at most. A few bytes can say that a function is called a billion times, or that a tensor has 10^12
 * elements; whoever takes files of others must not run out of memory or time for it. The defaults are beyond any model that
 * is known of; docs/reliability.md has the reasons for them.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { PermafrostError } from './errors.js';

export interface Limits {
  /** Nodes of a graph; where they are placed, a fourth of it is what its kinds of ops may have of inputs and outputs together. */
  readonly nodes: number;
  /** Functions in its library. */
  readonly functions: number;
  /** Bytes of the name of a node or a function. */
  readonly nameBytes: number;
  /** Functions that call each other, from the outermost to the innermost. */
  readonly callDepth: number;
  /**
   * What functions come to where they take the place of their calls, or become variants: bytes, each node as it is in the file
   * and 150 more, each variant 4,000 more; what the nodes come to that compute what writes leave, each its names and 600 more;
   * what signatures get of new inputs, each its names and 300 more; and what nodes wait for in the place of what training alone
   * needs, each its name and 16 more. Default: 8 MiB and four times what the graph comes to with its functions.
   */
  readonly expandedBytes: number;
  /** Bytes of all values together that are computed of constants, or filled in where the file repeats an element. */
  readonly computedBytes: number;
  /**
   * Bytes that are written of tensors of the checkpoint which several variables have, without those of one each. Default: 2 GiB
   * and four times all tensors that are written, each once.
   */
  readonly repeatedBytes: number;
  /** MetaGraphDefs of a SavedModel. */
  readonly metaGraphs: number;
  /** Files that a SavedModel brings along. */
  readonly assets: number;
  /** Characters of all regular expressions in the rules that place nodes, repeated ones as often as they are. */
  readonly regexLength: number;
  /**
   * How often such rules are asked whether they are for a node; one with a regular expression counts as 20 or more. Default:
   * 20,000,000, or 10,000 for each node if that is more.
   */
  readonly ruleTests: number;
}

/** Those that are to be other than usual. */
export type LimitOptions = { readonly [Name in keyof Limits]?: Limits[Name] | undefined };

export type LimitName = keyof Limits;

export const defaultLimits: Limits = {
  nodes: 2_000_000,
  functions: 30_000,
  nameBytes: 16_384,
  callDepth: 200,
  /** Worked out of the graph. */
  expandedBytes: 0,
  computedBytes: 64 * 2 ** 20,
  /** Worked out of what is written. */
  repeatedBytes: 0,
  metaGraphs: 1_000,
  assets: 10_000,
  regexLength: 65_536,
  /** Worked out of the nodes. */
  ruleTests: 0,
};

/** What limits may be raised to: deeper calls would need more of the stack than there is. */
export const mostOfLimits: Partial<Limits> = { callDepth: 400 };

export const limitNames: readonly LimitName[] = Object.keys(defaultLimits) as LimitName[];

const inForce = new AsyncLocalStorage<Limits>();

/** Runs a job, and all that it waits for, under other limits. */
export function within<T>(limits: Partial<Limits>, job: () => T): T {
  // Whoever asks for nothing need not pay for the storage.
  return Object.keys(limits).length === 0 ? job() : inForce.run({ ...defaultLimits, ...limits }, job);
}

/** The limits of what is running. */
export function limits(): Limits {
  return inForce.getStore() ?? defaultLimits;
}

/** @param what is too much of what, as a sentence without its end. */
export function beyond(name: LimitName, what: string): PermafrostError {
  return new PermafrostError(
    'LIMIT_EXCEEDED',
    `${what}. No model that is known of comes near; where this one does, raise the limit '${name}' ` +
      `(--limits ${name}=NUMBER, or \`limits: { ${name}: … }\`).`,
  );
}
