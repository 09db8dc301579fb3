/** What a graph says of moving statistics, and what its outputs need apart from updating them. */
import { upstream } from '../../graph/upstream.js';
import type { Scope } from '../scope.js';
import { Places } from './branches.js';
import { variableKey } from './flow.js';
import { findUpdates, type Update } from './moving-averages.js';
import { Twins } from './without-updates.js';

export class Evidence {
  readonly places: Places;
  readonly twins: Twins;
  readonly updates: readonly Update[];
  /** Whether outputs need a node, by its name, for more than that it updates moving statistics. */
  readonly isNeeded: (name: string) => boolean;
  readonly #byTensor = new Map<string, Update[]>();

  constructor(scope: Scope) {
    this.places = new Places(scope.graph);
    this.updates = findUpdates(scope.graph);
    for (const update of this.updates) {
      for (const tensor of update.chain) {
        const others = this.#byTensor.get(tensor);
        if (others) others.push(update);
        else this.#byTensor.set(tensor, [update]);
      }
    }
    this.twins = new Twins(scope.graph, (tensor) => oneOfEach(this.of(tensor)));
    const writes = new Set(this.updates.map(({ write }) => write.name));
    const without = scope.graph.mapNodes((node) => (writes.has(node.name) ? node.edit({ inputs: [] }) : node));
    const needed = writes.size > 0 ? upstream(without, scope.outputs) : scope.needed;
    this.isNeeded = (name) => needed.has(name) && !writes.has(name);
  }

  /** The updates that a tensor goes into. */
  of(tensor: string): readonly Update[] {
    return this.#byTensor.get(tensor) ?? [];
  }
}

/** One of the updates of each variable. */
export function oneOfEach(updates: readonly Update[]): Update[] {
  return [...new Map(updates.map((update) => [variableKey(update.variable), update])).values()];
}
