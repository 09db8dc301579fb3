/**
 * Names for calls. TensorFlow puts the nodes of a function in the place of its call, with the call's name before theirs,
 * and ends the process where a node of that name is there already; what reads an If commonly has such a name.
 */
import { freeName } from '../../../graph/free-name.js';
import type { Graph } from '../../../graph/graph.js';

export class CallNames {
  #taken: Set<string> | undefined;

  constructor(private readonly graph: Graph) {}

  /** A name that no node has, and no node's name begins with as a scope. */
  free(wanted: string): string {
    this.#taken ??= namesAndScopes(this.graph);
    const name = freeName(wanted, (each) => this.#taken?.has(each) === true);
    this.#taken.add(name);
    return name;
  }
}

function namesAndScopes({ nodes }: Graph): Set<string> {
  const scopes = new Set<string>();
  for (const { name } of nodes) {
    // Where a scope is known, those around it are.
    for (let scope = above(name); scope !== '' && !scopes.has(scope); scope = above(scope)) scopes.add(scope);
  }
  for (const { name } of nodes) scopes.add(name);
  return scopes;
}

function above(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf('/'), 0));
}
