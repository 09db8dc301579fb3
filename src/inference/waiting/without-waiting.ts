/** Lets nobody wait for nodes that a rewrite has done with. */
import type { CallBits } from '../../graph/call-bits.js';
import type { GraphNode } from '../../graph/node.js';
import type { Change } from '../change.js';
import type { Scope } from '../scope.js';
import { ControlEdges, notWaitedFor, waitBits } from './control-edges.js';
import { effectBits, effectOf, effectsOfCalls } from './effects.js';

/**
 * @param gone their names.
 * @param reason in words: why they are done with, as in 'which ...'.
 */
export function withoutWaiting(
  scope: Scope,
  gone: ReadonlySet<string>,
  rewrite: Change['rewrite'],
  reason: string,
): void {
  const { graph, needed, controls, functionName } = scope;
  if (gone.size === 0) return;
  const calls = effectsOfCalls(graph);
  const own = Uint8Array.from(graph.nodes, (node) => (gone.has(node.name) ? waitBits.gone : lastingBit(node, calls)));
  const edges = new ControlEdges(graph, own, (position) => gone.has((graph.nodes[position] as GraphNode).name));
  for (const { name } of graph.nodes) {
    // A body runs more than its results need.
    if (functionName === undefined && !needed.has(name)) continue;
    const node = scope.node(name) as GraphNode;
    const edited = edges.edited(node);
    if (edited === node) continue;
    scope.replace(edited);
    const runs = (needed.has(name) || controls.has(name)) && !gone.has(name);
    if (runs)
      scope.report(rewrite, name, `does not wait any more for ${notWaitedFor(node, edited).join(', ')}, ${reason}`);
  }
}

function lastingBit(node: GraphNode, calls: CallBits): number {
  const bits = effectBits[effectOf(node, () => false)] | calls.of(node);
  return (bits & effectBits.lasting) === 0 ? 0 : waitBits.lasting;
}
