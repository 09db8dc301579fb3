/** The rules that a node may follow, by op and name: there may be thousands of rules, and a graph has very many nodes. */
import { NameIndex } from './name-index.js';
import type { NodeToPlace, PlaceRule } from './place-rule.js';

export class RuleIndex {
  readonly #ofAnyOp: NameIndex;
  /** Numbers of rules, in their order, by op; those that some node has asked for are an index. */
  readonly #ofOps = new Map<string, number[] | NameIndex>();

  constructor(private readonly rules: readonly PlaceRule[]) {
    const ofAnyOp: number[] = [];
    for (const [number, { op }] of rules.entries()) {
      if (op === undefined) ofAnyOp.push(number);
      else for (const each of new Set(typeof op === 'string' ? [op] : op)) this.#add(each, number);
    }
    this.#ofAnyOp = new NameIndex(rules, ofAnyOp);
  }

  #add(op: string, number: number): void {
    const known = this.#ofOps.get(op);
    if (Array.isArray(known)) known.push(number);
    else this.#ofOps.set(op, [number]);
  }

  /** The first rule that holds; -1: none does. @param holds asked of those only that may. */
  find({ name, op }: Pick<NodeToPlace, 'name' | 'op'>, holds: (rule: number) => boolean): number {
    const before = this.#ofOp(op)?.find(name, Number.POSITIVE_INFINITY, holds) ?? Number.POSITIVE_INFINITY;
    const found = this.#ofAnyOp.find(name, before, holds);
    return Number.isFinite(found) ? found : -1;
  }

  #ofOp(op: string): NameIndex | undefined {
    const known = this.#ofOps.get(op);
    if (!Array.isArray(known)) return known;
    const index = new NameIndex(this.rules, known);
    this.#ofOps.set(op, index);
    return index;
  }
}
