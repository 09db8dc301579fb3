/** Variables and arguments of functions that may be one and the same, over a whole program. */
import { argumentKey, type VariableFlow } from './variable-flow.js';

/**
 * @param keys of variables and arguments, as `ownKey` gives them.
 * @returns these, the variables that such an argument may be, and the arguments that such a variable is handed to.
 */
export function sameVariables(flow: VariableFlow, keys: Iterable<string>): ReadonlySet<string> {
  const from = new Map<string, string[]>();
  const to = new Map<string, string[]>();
  for (const { functionName, args } of flow.bodies) {
    if (functionName === undefined) continue;
    for (const [name, argument] of args) {
      const own = argumentKey(functionName, name);
      for (const handed of flow.handedTo(functionName, argument)) {
        if (handed === undefined) continue;
        from.set(own, [...(from.get(own) ?? []), handed]);
        to.set(handed, [...(to.get(handed) ?? []), own]);
      }
    }
  }
  return reached(reached(keys, from), to);
}

function reached(keys: Iterable<string>, edges: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set(keys);
  // A set goes on with what is added meanwhile.
  for (const key of found) for (const next of edges.get(key) ?? []) found.add(next);
  return found;
}
