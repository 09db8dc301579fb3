/**
 * Takes away the control edges that make an output wait for what only training needs: summaries, checks, optimisers, what is
 * computed of the labels.
 */
import type { CallBits } from '../../graph/call-bits.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import type { Rewrite } from '../every-scope.js';
import type { Scope } from '../scope.js';
import { ControlEdges, notWaitedFor, waitBits } from '../waiting/control-edges.js';
import { effectBits, effectOf, effectsOfCalls } from '../waiting/effects.js';
import { LeftOverWrites } from './left-over-writes.js';

/** @param outputs names of the graph's outputs. */
export function cutControlEdges(graph: Graph, outputs: readonly string[]): Rewrite {
  const leftOver = new LeftOverWrites(graph, outputs);
  const calls = effectsOfCalls(graph);
  return (scope) => cutIn(scope, leftOver, calls);
}

function cutIn(scope: Scope, leftOver: LeftOverWrites, calls: CallBits): void {
  const { graph, needed, functionName } = scope;
  const edges = controlEdges(scope, leftOver, calls);
  // A body computes results that nobody reads, too.
  for (const node of functionName === undefined ? needed.nodes() : graph.nodes) {
    const edited = edges.edited(node);
    if (edited === node) continue;
    scope.replace(edited);
    if (!needed.has(node.name)) continue;
    const gone = notWaitedFor(node, edited).join(', ');
    scope.report('training-ops', node.name, `does not wait any more for ${gone}, which only training needs`);
  }
  for (const control of scope.controls) {
    if (!edges.isLeftOver(graph.wiring.positionOf(control))) continue;
    scope.dropControl(control);
    scope.report('training-ops', control, 'does not run any more, since only training needs it');
  }
}

function controlEdges({ graph, functionName }: Scope, leftOver: LeftOverWrites, calls: CallBits): ControlEdges {
  const isLeftOver = (writer: GraphNode): boolean => leftOver.has(functionName, writer);
  const effects = graph.nodes.map((node) => effectBits[effectOf(node, isLeftOver)] | calls.of(node));
  const own = Uint8Array.from(effects, (bits) => {
    const isGone = (bits & (effectBits.training | effectBits.input)) !== 0;
    return (isGone ? waitBits.gone : 0) | ((bits & effectBits.lasting) === 0 ? 0 : waitBits.lasting);
  });
  return new ControlEdges(graph, own, (position) => effects[position] === effectBits.training);
}
