/** Variables and arguments of functions that may be one and the same, over a whole program. */
import type { VariableFlow } from './variable-flow.js';

/**
 * @param keys of variables and arguments, as `ownKey` gives them.
 * @returns these, the variables that such an argument may be, and the arguments that such a variable is handed to.
 */
export function sameVariables(flow: VariableFlow, keys: Iterable<string>): ReadonlySet<string> {
  const from = new Map<string, Set<string>>();
  const to = new Map<string, Set<string>>();
  for (const { args } of flow.bodies) {
    for (const argument of args.values()) {
      for (const handed of flow.handedTo(argument)) {
        if (handed === undefined) continue;
        add(from, argument.key, handed);
        add(to, handed, argument.key);
      }
    }
  }
  return reached(reached(keys, from), to);
}

function add(edges: Map<string, Set<string>>, from: string, to: string): void {
  edges.set(from, (edges.get(from) ?? new Set()).add(to));
}

function reached(keys: Iterable<string>, edges: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set(keys);
  // A set goes on with what is added meanwhile.
  for (const key of found) for (const next of edges.get(key) ?? []) found.add(next);
  return found;
}
