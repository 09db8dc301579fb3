/** What a graph says of moving statistics, and what its outputs need apart from updating them. */
import { addToList } from '../../add-to-list.js';
import type { Consumer } from '../../graph/consumers.js';
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
  readonly #readers = new Map<string, Map<number, Consumer[]>>();

  constructor(private readonly scope: Scope) {
    this.places = new Places(scope.graph);
    this.updates = findUpdates(scope.graph);
    for (const update of this.updates) {
      for (const tensor of update.chain) {
        addToList(this.#byTensor, tensor, update);
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

  /**
   * Who reads a node, or one of its outputs, and is needed.
   * @param port its number; undefined: any.
   */
  readers(name: string, port?: number): readonly Consumer[] {
    const byPort = this.#readers.get(name) ?? this.#sortReaders(name);
    return (port === undefined ? byPort.get(anyPort) : byPort.get(port)) ?? [];
  }

  #sortReaders(name: string): Map<number, Consumer[]> {
    const all = this.scope.readers(name);
    const needed = all.filter(({ node }) => this.isNeeded(node.name));
    const byPort = new Map([[anyPort, needed]]);
    for (const reader of needed) {
      addToList(byPort, reader.port, reader);
    }
    if (all.length > few) this.#readers.set(name, byPort);
    return byPort;
  }
}

/** Besides the numbers of outputs. */
const anyPort = -1;

/** Those of so few readers are as soon gone through as remembered. */
const few = 64;

/** One of the updates of each variable. */
export function oneOfEach(updates: readonly Update[]): Update[] {
  return [...new Map(updates.map((update) => [variableKey(update.variable), update])).values()];
}
