/**
 * Chains that have their beginning in common, each link with the one before it. There may be thousands of links and as many
 * questions, so each link knows one far before it too (E. W. Myers, An applicative random-access stack): what is asked of two
 * chains takes as many steps as their length has digits.
 */
export interface Link<L> {
  /** How many links are before it. */
  readonly depth: number;
  /** Of the first link, like `jump`: itself. */
  readonly before: L;
  readonly jump: L;
}

/** What `jump` is of a link behind this one. */
export function jumpTo<L extends Link<L>>(before: L): L {
  const { depth, jump } = before;
  return depth - jump.depth === jump.depth - jump.jump.depth ? jump.jump : before;
}

/** The link of that depth that a link is or comes behind. */
export function linkAt<L extends Link<L>>(link: L, depth: number): L {
  let at = link;
  while (at.depth > depth) at = at.jump.depth < depth ? at.before : at.jump;
  return at;
}

/**
 * How far the chain up to `one` is the same as that up to `other`.
 * @param isSame whether two links are, with all before them; the first links are.
 */
export function commonPart<L extends Link<L>>(one: L, other: L, isSame: (a: L, b: L) => boolean): L {
  const depth = Math.min(one.depth, other.depth);
  let a = linkAt(one, depth);
  let b = linkAt(other, depth);
  while (!isSame(a, b)) [a, b] = isSame(a.jump, b.jump) ? [a.before, b.before] : [a.jump, b.jump];
  return a;
}
