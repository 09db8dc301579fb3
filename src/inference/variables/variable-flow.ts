/**
 * Which variable a handle or a reference is of, over a whole program: in a function, an argument stands for whatever its
 * callers hand over.
 */
import { parseInput } from '../../graph/edges.js';
import { reachableFunctions, referencedFunctions } from '../../graph/function-references.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { choiceOps, loopOps, plainCallOps } from '../../graph/op-kinds/calls.js';
import { enterOps, switchOps } from '../../graph/op-kinds/control-flow.js';
import { type NodeSet, upstream } from '../../graph/upstream.js';
import { isVariable, variableIdentity } from '../../graph/variables.js';
import { calledFunctions, callRowsOf, handedInputs } from '../../passes/retyping/call-rules.js';
import { bodyGraphOf } from '../body-graphs.js';

/** The main graph, or a function. */
export interface Body {
  readonly functionName: string | undefined;
  readonly graph: Graph;
  /** What may run. Of a function that is everything: TensorFlow decides by the call. */
  readonly nodes: readonly GraphNode[];
  /** By the names of their nodes. */
  readonly args: ReadonlyMap<string, Argument>;
  /** Names of the nodes of the results, by their numbers. */
  readonly results: readonly string[];
}

export interface Argument {
  readonly functionName: string;
  readonly number: number;
  /** Made once: functions may have very many arguments. */
  readonly key: string;
}

/** A node that hands its inputs from `start` on to functions as they are, and has their results as its outputs. */
export interface FollowedCall {
  readonly functions: readonly string[];
  readonly start: number;
  /** The function among them whose results are its next arguments. */
  readonly loopBody: string | undefined;
}

export interface CallSite {
  readonly body: Body;
  readonly node: GraphNode;
  /** Undefined where it is not known what goes where. */
  readonly call: FollowedCall | undefined;
}

const followedOps: ReadonlySet<string> = new Set([...plainCallOps, ...choiceOps, ...loopOps]);

/** Ops that hand a variable's handle or reference on. */
const handOn: ReadonlySet<string> = new Set([...['Identity', 'RefIdentity', '_Retval'], ...enterOps, ...switchOps]);

export class VariableFlow {
  readonly bodies: readonly Body[];
  /** By key. */
  readonly #arguments = new Map<string, Argument>();
  readonly #byName = new Map<string | undefined, Body>();
  readonly #sites = new Map<string, CallSite[]>();
  /** Functions with calls of which it is not known what goes where. */
  readonly #handedAnything = new Set<string>();
  readonly #followed = new Map<GraphNode, FollowedCall | undefined>();
  readonly #keys = new Map<Body, Map<string, string | undefined>>();

  /** @param outputs names of the graph's outputs; functions that they do not need do not count. */
  constructor(
    private readonly graph: Graph,
    outputs: readonly string[],
  ) {
    const needed = upstream(graph, outputs);
    this.bodies = [mainBody(graph, outputs, needed), ...functionBodies(graph, needed)];
    for (const body of this.bodies) {
      this.#byName.set(body.functionName, body);
      for (const argument of body.args.values()) this.#arguments.set(argument.key, argument);
    }
    if (this.bodies.length > 1)
      for (const body of this.bodies) for (const node of body.nodes) this.#addSites(body, node);
  }

  body(functionName: string | undefined): Body | undefined {
    return this.#byName.get(functionName);
  }

  /** Who calls a function; nobody is known to call those that only gradients are computed by. */
  callers(functionName: string): readonly CallSite[] {
    return this.#sites.get(functionName) ?? [];
  }

  /** @returns undefined for nodes that call nothing, and where it is not known what goes where. */
  followed(node: GraphNode): FollowedCall | undefined {
    if (!followedOps.has(node.op) && !this.graph.library.byName.has(node.op)) return undefined;
    if (!this.#followed.has(node)) this.#followed.set(node, this.#follow(node));
    return this.#followed.get(node);
  }

  #follow(node: GraphNode): FollowedCall | undefined {
    const { library } = this.graph;
    const [row] = callRowsOf(node, library);
    if (!row) return undefined;
    // A Case may have one for very many branches.
    const functions = [...new Set(calledFunctions(node, row).map(({ name }) => name))];
    const { start, end } = handedInputs(node, row);
    const isWhole = functions.every((name) => this.body(name)?.args.size === end - start);
    const loopBody = row.returns === 'inputs' ? functions[0] : undefined;
    return isWhole && functions.length > 0 ? { functions, start, loopBody } : undefined;
  }

  /** What stands for the variable that an input is a handle of or a reference to: in all bodies the same, but for arguments. */
  keyOf(body: Body, input: string): string | undefined {
    const known = this.#keys.get(body) ?? new Map<string, string | undefined>();
    this.#keys.set(body, known);
    const passed = new Set<string>();
    let key: string | undefined;
    for (let name = parseInput(input).node; !passed.has(name); ) {
      passed.add(name);
      const node = body.graph.byName.get(name);
      key = known.get(name) ?? (node && keyIn(body, node));
      const [next] = node && handOn.has(node.op) ? node.inputs : [];
      if (key !== undefined || known.has(name) || next === undefined) break;
      name = parseInput(next).node;
    }
    for (const name of passed) known.set(name, key);
    return key;
  }

  /** The keys of all that an argument may be; undefined among them: of what, is not known. */
  handedTo({ functionName, number }: Argument): (string | undefined)[] {
    const sites = this.callers(functionName);
    if (sites.length === 0 || this.#handedAnything.has(functionName)) return [undefined];
    return sites.flatMap(({ body, node, call }) => {
      if (!call) return [undefined];
      const handed = [this.keyOf(body, node.inputs[call.start + number] ?? '')];
      const loop = call.loopBody === undefined ? undefined : this.body(call.loopBody);
      // A loop hands on what its body returns.
      if (loop) handed.push(this.keyOf(loop, loop.results[number] ?? ''));
      return handed;
    });
  }

  /** The keys of the variables that an input may be of, whoever calls the function; undefined where that is not known. */
  variablesOf(body: Body, input: string): ReadonlySet<string> | undefined {
    const keys = new Set([this.keyOf(body, input)]);
    // A set goes on with what is added meanwhile.
    for (const key of keys) {
      if (key === undefined) return undefined;
      const argument = this.#arguments.get(key);
      if (argument) for (const handed of this.handedTo(argument)) keys.add(handed);
    }
    return new Set([...keys].filter((key) => key !== undefined && !this.#arguments.has(key)) as string[]);
  }

  #addSites(body: Body, node: GraphNode): void {
    const called = new Set([node.op, ...referencedFunctions(node)].filter((name) => this.#byName.has(name)));
    if (called.size === 0) return;
    const site = { body, node, call: this.followed(node) };
    for (const name of called) {
      if (!site.call) this.#handedAnything.add(name);
      const sites = this.#sites.get(name);
      if (sites) sites.push(site);
      else this.#sites.set(name, [site]);
    }
  }
}

export function argumentKey(functionName: string, argument: string): string {
  return `argument '${argument}' of '${functionName}'`;
}

/** The key of a variable: the same for all its handles. */
export function variableKey(node: GraphNode): string {
  return `${node.op} ${variableIdentity(node)}`;
}

/** The key of a node that is a variable or an argument. */
export function ownKey({ functionName }: Pick<Body, 'functionName'>, node: GraphNode): string | undefined {
  if (isVariable(node)) return variableKey(node);
  return node.op === '_Arg' && functionName !== undefined ? argumentKey(functionName, node.name) : undefined;
}

/** The same for a node of a body, whose arguments have their keys already. */
export function keyIn({ args }: Body, node: GraphNode): string | undefined {
  if (isVariable(node)) return variableKey(node);
  return node.op === '_Arg' ? args.get(node.name)?.key : undefined;
}

function mainBody(graph: Graph, outputs: readonly string[], needed: NodeSet): Body {
  return { functionName: undefined, graph, nodes: needed.nodes(), args: new Map(), results: outputs };
}

function functionBodies(graph: Graph, needed: NodeSet): Body[] {
  const { library } = graph;
  if (library.functions.length === 0) return [];
  const called = reachableFunctions(graph.withNodes(needed.nodes()));
  return library.functions.flatMap((each) => {
    if (!called.has(each.name)) return [];
    const body = bodyGraphOf(each, library);
    const functionName = each.name;
    const args = new Map<string, Argument>();
    for (const [number, { name }] of each.inputs.entries()) {
      args.set(name, { functionName, number, key: argumentKey(functionName, name) });
    }
    return {
      functionName,
      graph: body.graph,
      nodes: body.graph.nodes,
      args,
      results: [...body.results.values()],
    };
  });
}
