/**
 * What random ops leave behind: control edges to those that nothing is computed from any more, and variables that count
 * how often numbers were drawn, which nothing but those ops reads.
 */
import { inputNode } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { maskOps, normalOps, uniformOps } from '../../graph/op-kinds/random.js';
import type { NodeSet } from '../../graph/upstream.js';
import { dataUpstream } from '../../graph/upstream.js';
import type { Scope } from '../scope.js';
import { withoutWaiting } from '../waiting/without-waiting.js';
import { drawZeros } from './draw-zeros.js';

/**
 * @param needed what the outputs are computed from, now.
 * @param inputsOf the inputs of a node that it has now.
 * @returns the random ops that are idle.
 */
export function forgetSeeds(
  scope: Scope,
  needed: NodeSet,
  inputsOf: (node: GraphNode) => readonly string[],
): readonly GraphNode[] {
  const isRun = (name: string): boolean => scope.functionName !== undefined || scope.needed.has(name);
  const candidates = scope.graph.nodes.filter(({ name, op }) => isRandom(op) && !needed.has(name) && isRun(name));
  if (candidates.length === 0) return candidates;
  const names = new Set(candidates.map(({ name }) => name));
  // What a function runs besides may be computed from random numbers too.
  const others = [...scope.controls].filter((name) => !names.has(name));
  const used = dataUpstream(scope.graph, others, inputsOf);
  const idle = candidates.filter(({ name }) => !used.has(name));
  const forgotten = new Set(idle.map(({ name }) => name));
  const held = dataUpstream(scope.graph, scope.unread, inputsOf);
  for (const node of idle) if (held.has(node.name)) drawZeros(scope, node);
  for (const handle of stateOf(scope, idle)) {
    const readers = scope.readers(handle).map(({ node }) => node);
    const users = readers.filter(({ name }) => scope.needed.has(name) || scope.controls.has(name));
    if (!users.every(({ op, name }) => stateOps.has(op) && !needed.has(name))) continue;
    for (const { name } of users) forgotten.add(name);
  }
  withoutWaiting(scope, forgotten, 'dropout', 'which only random numbers need that nothing is computed from');
  for (const name of forgotten) {
    if (scope.controls.has(name) && !isRandom(scope.node(name)?.op ?? '')) {
      scope.report('dropout', name, 'does not run any more: it counts numbers that nothing is computed from');
    }
    scope.dropControl(name);
  }
  return idle;
}

function isRandom(op: string): boolean {
  return uniformOps.has(op) || normalOps.has(op) || maskOps.has(op);
}

/** Ops on a variable that seeds are taken from. */
const stateOps: ReadonlySet<string> = new Set([
  'ReadVariableOp',
  'AssignVariableOp',
  'AssignAddVariableOp',
  'RngReadAndSkip',
  'RngSkip',
  'StatefulUniform',
  'StatefulStandardNormal',
  'StatefulStandardNormalV2',
  'StatefulTruncatedNormal',
]);

/** Nodes whose resource the seeds of random ops come from. */
function stateOf(scope: Scope, random: readonly GraphNode[]): Set<string> {
  // Shapes come from the data.
  const seeds = random.flatMap((node) => node.inputs.filter((_, at) => at > 0 || node.op.startsWith('Stateful')));
  const handles = new Set<string>();
  const seen = dataUpstream(scope.graph, seeds.map(inputNode), ({ inputs }) => inputs);
  for (const node of seen.nodes()) if (stateOps.has(node.op)) handles.add(inputNode(node.inputs[0] ?? ''));
  return handles;
}
