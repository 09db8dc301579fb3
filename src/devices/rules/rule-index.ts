/** The rules that a name may follow, by how it begins: there may be thousands of rules, and a graph has very many names. */
import { patternStart } from '../../name-pattern.js';
import type { PlaceRule } from './place-rule.js';

export class RuleIndex {
  /** Numbers of rules, in their order, by the one name that they are for. */
  readonly #ofNames = new Map<string, number[]>();
  /** And by how the names begin that they are for. */
  readonly #ofStarts = new Map<string, number[]>();
  /** Those that starts have, the shortest first. */
  readonly #lengths: readonly number[];

  constructor(rules: readonly PlaceRule[]) {
    for (const [number, { name = '*', scope }] of rules.entries()) {
      const { text, isWhole } = patternStart(name);
      const start = scope === undefined || scope.length < text.length ? text : `${scope}/`;
      if (isWhole) add(this.#ofNames, text, number);
      else add(this.#ofStarts, start, number);
    }
    this.#lengths = [...new Set(Array.from(this.#ofStarts.keys(), ({ length }) => length))].sort((a, b) => a - b);
  }

  /** The first rule that holds; -1: none does. @param holds asked of those only that may. */
  find(name: string, holds: (rule: number) => boolean): number {
    let found = firstOf(this.#ofNames.get(name), Number.POSITIVE_INFINITY, holds);
    for (const length of this.#lengths) {
      if (length > name.length) break;
      found = firstOf(this.#ofStarts.get(name.slice(0, length)), found, holds);
    }
    return Number.isFinite(found) ? found : -1;
  }
}

function add(lists: Map<string, number[]>, key: string, number: number): void {
  const known = lists.get(key);
  if (known) known.push(number);
  else lists.set(key, [number]);
}

/** The first that holds of those before `before`, or that. */
function firstOf(rules: readonly number[] | undefined, before: number, holds: (rule: number) => boolean): number {
  for (const rule of rules ?? []) {
    if (rule >= before) break;
    if (holds(rule)) return rule;
  }
  return before;
}
