/** Ranks what may be an output: the ends of what a model computes, where training and its bookkeeping are left aside. */
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import type { Loss } from './find-losses.js';
import { NodeRoles } from './node-roles.js';
import { OutputList } from './output-list.js';
import { FewVisits, reachedEnds, several } from './reached-ends.js';
import type { SuggestedOutput } from './suggestion.js';

export interface RankedOutputs {
  readonly outputs: readonly SuggestedOutput[];
  /** Names of the nodes that are the one end of each thing the model learns; undefined where one has several. */
  readonly auto: readonly string[] | undefined;
}

/** How many predictions are told of that one tensor is made of, and how many losses that one goes into. */
const mostReasons = 3;

export function suggestOutputs(graph: Graph): RankedOutputs {
  const roles = new NodeRoles(graph);
  const list = new OutputList(graph);
  const heads = headsOf(roles);
  const ends = addPredictions(graph, roles, heads, list);
  const sinks = roles.sinks();
  // What no loss knows of may be an output all the same, such as an embedding.
  const others = sinks.filter((sink) => !list.has(sink) && roles.isFree(sink));
  for (const sink of sinks) list.add(sink, heads.size > 0 ? 'possible' : 'likely', 'nothing in the graph reads it');
  const auto = heads.size === 0 ? sinks : ends;
  const isOne = heads.size === 0 ? sinks.length === 1 : others.length === 0 && !ends.includes(several);
  const names = auto.map((position) => graph.nodes[position]?.name ?? '');
  return { outputs: list.sorted(), auto: isOne ? [...new Set(names)] : undefined };
}

/** The losses by the positions of the predictions that go into them. */
function headsOf(roles: NodeRoles): ReadonlyMap<number, readonly Loss[]> {
  const heads = new Map<number, Loss[]>();
  const known = new Map<number, number>();
  for (const loss of roles.losses) {
    const { position } = loss.prediction;
    const head = known.get(position) ?? roles.headOf(loss);
    known.set(position, head);
    const losses = heads.get(head);
    if (losses) losses.push(loss);
    else heads.set(head, [loss]);
  }
  return heads;
}

/** @returns of each prediction the end that is made of it, which may be itself, or `several`. */
function addPredictions(
  graph: Graph,
  roles: NodeRoles,
  heads: ReadonlyMap<number, readonly Loss[]>,
  list: OutputList,
): number[] {
  if (heads.size === 0) return [];
  const node = (position: number): GraphNode => graph.nodes[position] as GraphNode;
  const isTotal = (position: number): boolean => roles.isTotal(position);
  const last = roles.lastTensors();
  const free = last.filter((each) => roles.isUnjudged(each));
  const [toLast, toFree] = [reachedEnds(graph, last, isTotal), reachedEnds(graph, free, isTotal)];
  const [areLast, areFree] = [new Set(last), new Set(free)];
  const made = new FewVisits(graph, isTotal, mostReasons);
  const chosen = new FewVisits(graph, () => false, mostReasons);
  return Array.from(heads, ([head, losses]) => {
    // Those for the loss alone only if no others are.
    const end = toFree(head) ?? toLast(head) ?? head;
    const isEnd = toFree(head) !== undefined ? areFree : areLast;
    const names = losses.slice(0, mostReasons).map((loss) => `'${node(loss.node).name}' (${node(loss.node).op})`);
    const into = `goes into the loss ${names.join(' and ')}`;
    const own = `is made of '${node(head).name}'`;
    const ends = made.from(head).filter((each) => isEnd.has(each));
    for (const each of end === head ? [head] : ends) {
      list.add(each, 'likely', each === head ? into : `${own}, which ${into}`);
    }
    list.add(head, 'possible', into);
    for (const each of chosen.from(head).filter((position) => roles.isChoice(position))) {
      list.add(each, 'possible', `${own}, and holds no numbers of its own`);
    }
    return end;
  });
}
