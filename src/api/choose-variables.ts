/** Which variables become constants: what the lists say. */
import { PermafrostError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { isVariable, variablesOf } from '../graph/variables.js';
import { listNames, nearest } from '../nearest.js';
import type { FreezeSettings } from './options/freeze-settings.js';

type Lists = Pick<FreezeSettings, 'allow' | 'deny' | 'strictLists'>;

/** Whether the lists let a variable become a constant. */
export function isChosen({ allow, deny }: Lists, variable: string): boolean {
  return (allow?.has(variable) ?? true) && !deny.has(variable);
}

/** Which variables become constants, and which the lists keep. */
export function chooseVariables(graph: Graph, lists: Lists): [chosen: GraphNode[], kept: GraphNode[]] {
  const variables = variablesOf(graph);
  const chosen = variables.filter(({ name }) => isChosen(lists, name));
  return [chosen, variables.filter(({ name }) => !isChosen(lists, name))];
}

/**
 * TensorFlow lets names pass that are in no graph; a person would rather know.
 * @throws PermafrostError INVALID_ARGUMENT
 */
export function checkLists(graph: Graph, { allow, deny, strictLists }: Lists): void {
  if (!strictLists) return;
  for (const name of [...(allow ?? []), ...deny]) {
    const node = graph.byName.get(name);
    if (node && isVariable(node)) continue;
    const near = nearest(
      name,
      variablesOf(graph).map((variable) => variable.name),
    );
    const hint = near.length > 0 ? ` The nearest are ${listNames(near)}.` : '';
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `There is no variable '${name}' in the graph to allow or deny.${hint}`,
    );
  }
}
