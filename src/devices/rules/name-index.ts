/** The rules that a name may follow, by how it begins. */
import { patternStart } from '../../name-pattern.js';
import type { PlaceRule } from './place-rule.js';

export class NameIndex {
  /** Numbers of rules, in their order, by the one name that they are for. */
  readonly #ofNames = new Map<string, number[]>();
  /** And by how the names begin that they are for. */
  readonly #ofStarts = new Map<string, number[]>();
  /** Those that starts have, the shortest first. */
  readonly #lengths: readonly number[];

  /** @param numbers of those of the rules that it is of, in their order. */
  constructor(rules: readonly PlaceRule[], numbers: readonly number[]) {
    for (const number of numbers) {
      const { name = '*', scope } = rules[number] as PlaceRule;
      const { text, isWhole } = patternStart(name);
      const start = scope === undefined || scope.length < text.length ? text : `${scope}/`;
      if (isWhole) add(this.#ofNames, text, number);
      else add(this.#ofStarts, start, number);
    }
    this.#lengths = [...new Set(Array.from(this.#ofStarts.keys(), ({ length }) => length))].sort((a, b) => a - b);
  }

  /** The first rule that holds, of those before `before`, or that. @param holds asked of those only that may. */
  find(name: string, before: number, holds: (rule: number) => boolean): number {
    let found = firstOf(this.#ofNames.get(name), before, holds);
    for (const length of this.#lengths) {
      if (length > name.length) break;
      found = firstOf(this.#ofStarts.get(name.slice(0, length)), found, holds);
    }
    return found;
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
