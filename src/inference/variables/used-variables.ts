/**
 * The variables that outputs are computed from, over a whole program: along data edges, into functions by the results that
 * are read and out of them by the arguments; and those that any lasting effect is computed from, such as a write to one of them.
 */
import { addToList } from '../../add-to-list.js';
import { switchToldBy } from '../../graph/control-flow.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { isWriter } from '../../passes/writes/variable-writes.js';
import { type Body, type FollowedCall, keyIn, type VariableFlow } from './variable-flow.js';

/** All outputs of a node. */
const every = -1;

interface Waiting {
  readonly body: Body;
  /** As `inputs` of nodes are written; `port` is the output that is meant. */
  readonly node: string;
  readonly port: number;
}

/**
 * The keys of those, and of the arguments that they are handed to.
 * @param isLasting whether anybody but training could see what running a node leaves behind, writes apart.
 */
export function usedVariables(
  flow: VariableFlow,
  isLasting: (node: GraphNode) => boolean,
  isTraining: (node: GraphNode) => boolean,
): ReadonlySet<string> {
  return new Search(flow, isLasting, isTraining).used;
}

class Search {
  readonly used = new Set<string>();
  /** By key: the arguments, by their keys, that the variable is handed to. */
  readonly #handed = new Map<string, string[]>();
  /** By key: the writes that last if the variable is used. */
  readonly #writes = new Map<string, (readonly [Body, GraphNode])[]>();
  readonly #seen = new Map<Body, Set<string>>();
  readonly #waiting: Waiting[] = [];

  constructor(
    private readonly flow: VariableFlow,
    isLasting: (node: GraphNode) => boolean,
    isTraining: (node: GraphNode) => boolean,
  ) {
    const unknown = this.#follow();
    for (const body of flow.bodies) {
      for (const node of body.nodes) {
        if (isWriter(node) && !isTraining(node)) this.#addWrite(body, node);
        else if (isLasting(node) && !flow.followed(node)) this.#pushInputs(body, node);
      }
    }
    for (const key of unknown) this.#use(key);
    const [main] = flow.bodies;
    for (const output of main?.results ?? []) this.#push(main as Body, output, every);
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) this.#visit(next);
  }

  /** @returns the keys of arguments that may be any variable. */
  #follow(): string[] {
    const unknown: string[] = [];
    for (const { args } of this.flow.bodies) {
      for (const argument of args.values()) {
        for (const from of this.flow.handedTo(argument)) {
          if (from === undefined) unknown.push(argument.key);
          else addToList(this.#handed, from, argument.key);
        }
      }
    }
    return unknown;
  }

  #addWrite(body: Body, node: GraphNode): void {
    const key = this.flow.keyOf(body, node.inputs[0] ?? '');
    if (key === undefined) this.#pushInputs(body, node);
    else addToList(this.#writes, key, [body, node] as const);
  }

  #use(first: string): void {
    const keys = [first];
    for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
      if (this.used.has(key)) continue;
      this.used.add(key);
      for (const [body, node] of this.#writes.get(key) ?? []) this.#pushInputs(body, node);
      for (const argument of this.#handed.get(key) ?? []) keys.push(argument);
    }
  }

  #push(body: Body, node: string, port: number): void {
    this.#waiting.push({ body, node, port });
  }

  #pushInputs(body: Body, node: GraphNode, from: readonly string[] = node.inputs): void {
    for (const input of from) {
      const { node: name, port } = parseInput(input);
      if (!isControlInput(input) || switchToldBy(body.graph, name)) this.#push(body, name, port);
    }
  }

  #visit({ body, node: name, port }: Waiting): void {
    const node = body.graph.byName.get(name);
    const call = node && this.flow.followed(node);
    const seen = this.#seen.get(body) ?? new Set<string>();
    this.#seen.set(body, seen);
    const tensor = call ? `${name}:${port}` : name;
    if (!node || seen.has(tensor)) return;
    const isFirst = !seen.has(name);
    seen.add(tensor).add(name);
    const key = keyIn(body, node);
    if (key !== undefined) this.#use(key);
    if (node.op === '_Arg') this.#visitCallers(body, name);
    if (call && isFirst) this.#visitWhole(body, node, call);
    if (call) this.#visitOutput(body, node, call, port);
    else this.#pushInputs(body, node);
  }

  /** What all outputs of a call are computed from: there may be very many of them. */
  #visitWhole(body: Body, node: GraphNode, { functions, start, loopBody }: FollowedCall): void {
    this.#pushInputs(body, node, [...node.inputs.slice(0, start), ...node.inputs.filter(isControlInput)]);
    if (loopBody === undefined) return;
    // The condition of a loop.
    for (const name of functions) if (name !== loopBody) this.#pushResults(this.flow.body(name) as Body, every);
  }

  #visitOutput(body: Body, node: GraphNode, { functions, start, loopBody }: FollowedCall, port: number): void {
    for (const name of functions) {
      if (loopBody === undefined || name === loopBody) this.#pushResults(this.flow.body(name) as Body, port);
    }
    if (loopBody === undefined) return;
    const given = port === every ? node.inputs.slice(start) : node.inputs.slice(start + port, start + port + 1);
    this.#pushInputs(
      body,
      node,
      given.filter((input) => !isControlInput(input)),
    );
  }

  #pushResults(called: Body, port: number): void {
    const results = port === every ? called.results : called.results.slice(port, port + 1);
    for (const result of results) this.#push(called, result, 0);
  }

  #visitCallers({ functionName = '', args }: Body, name: string): void {
    const argument = args.get(name)?.number ?? 0;
    for (const { body, node, call } of this.flow.callers(functionName)) {
      const place = call ? call.start + argument : 0;
      this.#pushInputs(body, node, call ? node.inputs.slice(place, place + 1) : node.inputs);
      const loop = call?.loopBody === undefined ? undefined : this.flow.body(call.loopBody);
      if (loop) this.#push(loop, loop.results[argument] ?? '', 0);
    }
  }
}
