/** The rules that a name may follow, by how it begins or ends. */
import { addToList } from '../../add-to-list.js';
import { patternEnds } from '../../name-pattern.js';
import type { PlaceRule } from './place-rule.js';

export class NameIndex {
  /** Numbers of rules, in their order, by the one name that they are for. */
  readonly #ofNames: Lists = new Map();
  /** And by how the names begin or end that they are for, whichever tells more. */
  readonly #ofStarts: Lists = new Map();
  readonly #ofEnds: Lists = new Map();
  /** Those that starts and ends have, the shortest first. */
  readonly #startLengths: readonly number[];
  readonly #endLengths: readonly number[];

  /** @param numbers of those of the rules that it is of, in their order. */
  constructor(rules: readonly PlaceRule[], numbers: readonly number[]) {
    for (const number of numbers) {
      const { name = '*', scope, regex } = rules[number] as PlaceRule;
      const { start, end } = patternEnds(name);
      const [first = ''] = [start, scope === undefined ? '' : `${scope}/`, literalStart(regex)].sort(
        (a, b) => b.length - a.length,
      );
      if (end === undefined) addToList(this.#ofNames, name, number);
      else if (end.length > first.length) addToList(this.#ofEnds, end, number);
      else addToList(this.#ofStarts, first, number);
    }
    this.#startLengths = lengthsOf(this.#ofStarts);
    this.#endLengths = lengthsOf(this.#ofEnds);
  }

  /** The first rule that holds, of those before `before`, or that. @param holds asked of those only that may. */
  find(name: string, before: number, holds: (rule: number) => boolean): number {
    let found = firstOf(this.#ofNames.get(name), before, holds);
    for (const length of this.#startLengths) {
      if (length > name.length) break;
      found = firstOf(this.#ofStarts.get(name.slice(0, length)), found, holds);
    }
    for (const length of this.#endLengths) {
      if (length > name.length) break;
      found = firstOf(this.#ofEnds.get(name.slice(-length)), found, holds);
    }
    return found;
  }
}

/** How all names begin that a regular expression finds something in, as far as that is easily told. */
function literalStart(regex = ''): string {
  const text = regex.includes('|') ? '' : (/^\^([\w/-]*)/.exec(regex)?.[1] ?? '');
  const mayBeLeftOut = /[?*{]/.test(regex.charAt(text.length + 1));
  return mayBeLeftOut ? text.slice(0, -1) : text;
}

type Lists = Map<string, number[]>;

function lengthsOf(lists: Lists): number[] {
  return [...new Set(Array.from(lists.keys(), ({ length }) => length))].sort((a, b) => a - b);
}

/** The first that holds of those before `before`, or that. */
function firstOf(rules: readonly number[] | undefined, before: number, holds: (rule: number) => boolean): number {
  for (const rule of rules ?? []) {
    if (rule >= before) break;
    if (holds(rule)) return rule;
  }
  return before;
}
