/** The functions of a graph as those see them who follow a placeholder into them: each is made ready once. */
import type { GraphFunction } from '../../../graph/function.js';
import type { FunctionLibrary } from '../../../graph/library.js';
import type { GraphNode } from '../../../graph/node.js';
import { upstream } from '../../../graph/upstream.js';
import { bodyGraphOf } from '../../body-graphs.js';
import { type Call, callOf } from '../branches/calls.js';
import { Place } from './place.js';

export interface FunctionBody {
  readonly place: Place;
  /** The numbers of the results, by the names of their nodes. */
  readonly results: ReadonlyMap<string, number>;
}

export interface HandedOver {
  readonly call: Call;
  /** Numbers of the arguments that an input becomes, by how it is written. */
  readonly handed: ReadonlyMap<string, readonly number[]>;
}

export class FunctionBodies {
  readonly #bodies = new Map<GraphFunction, FunctionBody>();
  readonly #calls = new Map<GraphNode, HandedOver | undefined>();

  constructor(readonly library: FunctionLibrary) {}

  of(source: GraphFunction): FunctionBody {
    const known = this.#bodies.get(source);
    if (known) return known;
    const { graph } = bodyGraphOf(source, this.library);
    const names = graph.nodes.flatMap(({ name, op }) => (op === '_Retval' ? name : []));
    const place = new Place(graph, upstream(graph, [...names, ...source.controlReturns.values()]));
    const body = { place, results: new Map(names.map((name, index) => [name, index])) };
    this.#bodies.set(source, body);
    return body;
  }

  /** @returns undefined for a node that calls nothing that could be followed. */
  calledBy(node: GraphNode): HandedOver | undefined {
    if (!this.#calls.has(node)) this.#calls.set(node, this.#findCall(node));
    return this.#calls.get(node);
  }

  #findCall(node: GraphNode): HandedOver | undefined {
    const call = callOf(node, this.library);
    if (!call) return undefined;
    const handed = new Map<string, number[]>();
    for (const [argument, text] of call.handed) {
      const same = handed.get(text);
      if (same) same.push(argument);
      else handed.set(text, [argument]);
    }
    return { call, handed };
  }
}
