/**
 * Cycles, and the frames of loops in the style of TensorFlow 1: Enter begins a frame, Exit ends it, and what comes into
 * a node is of one frame. The rules are those of TensorFlow's `control_flow.cc`.
 */
import { describeCycle, findCycle } from '../graph/cycle.js';
import type { GraphNode } from '../graph/node.js';
import { backOps, enterOps, exitOps } from '../graph/op-kinds/control-flow.js';
import { shortName } from '../printable.js';
import type { Scope } from './scope.js';

/** A loop that is being run; the outermost is no loop. */
interface Frame {
  readonly name: string;
  readonly parent: Frame | undefined;
}

const outermost: Frame = { name: '', parent: undefined };

/** @param frameNameOf what Enter says of its loop; empty where it says nothing. */
export function checkLoops(scope: Scope, frameNameOf: (enter: GraphNode) => string): void {
  const { nodes, wiring, findings } = scope;
  const cycle = findCycle(wiring);
  if (cycle) {
    const first = (nodes[cycle[0] as number] as GraphNode).name;
    findings.error(
      'CYCLE',
      first,
      `a cycle that is no loop: ${describeCycle(cycle, nodes)}. Only NextIteration may lead back`,
    );
  } else if (nodes.some(({ op }) => enterOps.has(op) || exitOps.has(op) || backOps.has(op))) {
    checkFrames(scope, frameNameOf);
  }
}

function checkFrames({ nodes, wiring, findings }: Scope, frameNameOf: (enter: GraphNode) => string): void {
  const known = new Map<string, Frame>();
  // An Enter may take an argument of the function, and then no node comes before it.
  const frames: (Frame | undefined)[] = nodes.map((node, position) => {
    if (wiring.sourcesOf(position).some((source) => source >= 0)) return undefined;
    return enterOps.has(node.op) ? entered(node, outermost) : outermost;
  });
  const consumers: number[][] = nodes.map(() => []);
  nodes.forEach((_, position) => {
    for (const source of wiring.sourcesOf(position)) consumers[source]?.push(position);
  });
  const ready = [...frames.keys()].filter((node) => frames[node]);
  const refused = new Set<number>();
  const outside: GraphNode[] = [];
  for (let at = 0; at < ready.length; at++) {
    const position = ready[at] as number;
    const node = nodes[position] as GraphNode;
    const inside = frames[position] as Frame;
    if ((exitOps.has(node.op) || backOps.has(node.op)) && !inside.parent) outside.push(node);
    const after = exitOps.has(node.op) ? (inside.parent ?? outermost) : inside;
    for (const consumer of consumers[position] as number[]) {
      const next = nodes[consumer] as GraphNode;
      const before = frames[consumer];
      if (before === undefined) {
        frames[consumer] = enterOps.has(next.op) ? entered(next, after) : after;
        ready.push(consumer);
        continue;
      }
      const wanted = enterOps.has(next.op) ? (before.parent ?? outermost) : before;
      if (wanted.name === after.name || refused.has(consumer)) continue;
      refused.add(consumer);
      findings.error('LOOP_FRAME', next.name, `its inputs come from ${frameName(wanted)} and from ${frameName(after)}`);
    }
  }
  // Behind a node whose inputs disagree, no frame is sure.
  for (const { name, op } of refused.size === 0 ? outside : []) {
    findings.error('LOOP_FRAME', name, `${op} stands outside of all loops: no Enter leads to it`);
  }

  function entered(node: GraphNode, parent: Frame): Frame {
    const name = frameNameOf(node);
    if (name === '')
      findings.error('LOOP_FRAME', node.name, `${node.op} has no frame_name, by which loops are told apart`);
    const frame = known.get(name) ?? { name, parent };
    known.set(name, frame);
    if (frame.parent?.name !== parent.name) {
      findings.error(
        'LOOP_FRAME',
        node.name,
        `it enters the loop '${shortName(name)}' from ${frameName(parent)}, and others enter it from ${frameName(frame.parent ?? outermost)}`,
      );
    }
    return frame;
  }
}

function frameName({ name, parent }: Frame): string {
  return parent ? `the loop '${shortName(name)}'` : 'outside of all loops';
}
