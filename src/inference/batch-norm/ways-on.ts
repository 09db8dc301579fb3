/** Where a tensor leads, but for what computes statistics. */
import type { GraphNode } from '../../graph/node.js';
import type { Scope } from '../scope.js';
import type { Evidence } from './evidence.js';

const maxSteps = 64;

/** Those who read a node and are needed. */
interface Readers {
  readonly others: readonly GraphNode[];
  /** How many of them compute statistics. */
  readonly statistics: number;
}

export class WaysOn {
  /** Thousands of ways may lead through one node, and thousands from there on. */
  readonly #readers = new Map<GraphNode, Readers>();

  /** @param statistics names of the nodes that compute any. */
  constructor(
    private readonly scope: Scope,
    private readonly evidence: Evidence,
    private readonly statistics: ReadonlySet<string>,
  ) {}

  /** Whether all that comes of a node goes into statistics. */
  areStatistics(node: GraphNode): boolean {
    const seen = new Set(this.statistics.has(node.name) ? [] : [node]);
    let statistics = 0;
    for (const each of seen) {
      const readers = this.#readersOf(each);
      const isEnd = readers.others.length + readers.statistics === 0 || this.scope.outputs.has(each.name);
      if (isEnd || seen.size + statistics > maxSteps) return false;
      statistics += readers.statistics;
      for (const other of readers.others) {
        if (seen.size > maxSteps) return false;
        seen.add(other);
      }
    }
    return true;
  }

  #readersOf(node: GraphNode): Readers {
    const known = this.#readers.get(node);
    if (known) return known;
    const all = new Set(this.evidence.readers(node.name).map((reader) => reader.node));
    const others = [...all].filter(({ name }) => !this.statistics.has(name));
    const readers = { others, statistics: all.size - others.length };
    this.#readers.set(node, readers);
    return readers;
  }
}
