/** The edges on which a variable's handle or reference travels, and what it passes on the way. */
import type { Consumer, ConsumersOf } from '../../graph/consumers.js';
import { leadsBack } from '../../graph/control-flow.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { mergeOps } from '../../graph/op-kinds/control-flow.js';
import { writesThrough } from './variable-writes.js';

/** An op that a value must pass too, to be alive where and as often as the handle is. */
export interface Step {
  readonly kind: 'switch' | 'enter';
  readonly node: GraphNode;
  readonly port: number;
}

export type Path = readonly Step[];

/** Something that takes the variable as an input. */
export interface Use extends Consumer {
  readonly path: Path;
}

export interface VariableEdges {
  /** In no special order. */
  readonly uses: readonly Use[];
  /** Merges of this variable's handle or reference with something else. */
  readonly mixed: readonly GraphNode[];
}

const passingOps: ReadonlyMap<string, 'same' | 'switch' | 'enter' | 'exit'> = new Map([
  ['Identity', 'same'],
  ['RefIdentity', 'same'],
  ['NextIteration', 'same'],
  ['RefNextIteration', 'same'],
  ['Switch', 'switch'],
  ['RefSwitch', 'switch'],
  ['Enter', 'enter'],
  ['RefEnter', 'enter'],
  ['Exit', 'exit'],
  ['RefExit', 'exit'],
]);

/** Whether the op hands its first input on. */
export function passesOn(op: string): boolean {
  return passingOps.has(op) || mergeOps.has(op);
}

/** Two edges whose paths have the same steps are alive together. */
export function sameStep(a: Step, b: Step | undefined): boolean {
  if (!b || a.kind !== b.kind || a.port !== b.port) return false;
  if (a.kind === 'switch') return a.node.inputs[1] === b.node.inputs[1];
  return Buffer.compare(a.node.attribute('frame_name') ?? empty, b.node.attribute('frame_name') ?? empty) === 0;
}

const empty = new Uint8Array(0);

/**
 * Follows a variable from its nodes. A write through a reference gives that reference on.
 * @param places in the order of execution, by position.
 */
export function variableEdges(
  variables: readonly GraphNode[],
  kind: 'handle' | 'reference',
  graph: Graph,
  consumersOf: ConsumersOf,
  places: Int32Array,
): VariableEdges {
  const reached = reachedNodes(variables, kind, consumersOf);
  const placeOf = ({ name }: GraphNode): number => places[graph.wiring.positionOf(name)] as number;
  const inOrder = [...reached].sort((a, b) => placeOf(a) - placeOf(b));
  const mixed = new Set<GraphNode>();
  // A loop's start is taken to carry the variable; if its end does not, it is gone through again without.
  for (;;) {
    const paths = new Map<string, Path>(variables.map(({ name }) => [`${name}:0`, []]));
    for (const node of inOrder) addPaths(node, kind, paths, mixed, graph);
    const broken = inOrder.filter((node) => !mixed.has(node) && paths.has(`${node.name}:0`) && !isClosed(node, paths));
    if (broken.length === 0) return { uses: usesOf(paths, consumersOf), mixed: [...mixed] };
    for (const node of broken) mixed.add(node);
  }
}

/** The nodes that could carry the variable. */
function reachedNodes(
  variables: readonly GraphNode[],
  kind: 'handle' | 'reference',
  consumersOf: ConsumersOf,
): Set<GraphNode> {
  const reached = new Set<GraphNode>();
  const next = [...variables];
  for (let node = next.pop(); node; node = next.pop()) {
    for (const { node: consumer, input } of consumersOf(node.name)) {
      if (reached.has(consumer) || !carries(consumer, input, kind)) continue;
      reached.add(consumer);
      next.push(consumer);
    }
  }
  return reached;
}

function carries(node: GraphNode, input: number, kind: 'handle' | 'reference'): boolean {
  if (mergeOps.has(node.op)) return true;
  if (input !== 0 || (passingOps.get(node.op) === 'switch' && isControlInput(node.inputs[1] ?? '^'))) return false;
  return passingOps.has(node.op) || (kind === 'reference' && writesThrough(node, 0, kind) && node.op !== 'CountUpTo');
}

function addPaths(
  node: GraphNode,
  kind: 'handle' | 'reference',
  paths: Map<string, Path>,
  mixed: Set<GraphNode>,
  graph: Graph,
): void {
  const pathOf = (input: string): Path | undefined => paths.get(portKey(input));
  const put = (port: number, path: Path): unknown => paths.set(`${node.name}:${port}`, path);
  if (mergeOps.has(node.op)) {
    const inputs = node.inputs.filter((input) => !isControlInput(input) && !leadsBack(graph, input)).map(pathOf);
    const known = inputs.filter((path) => path !== undefined);
    if (known.length === 0) return;
    if (known.length === inputs.length && !mixed.has(node)) put(0, known.reduce(commonSteps));
    else mixed.add(node);
    return;
  }
  const path = pathOf(node.inputs[0] ?? '');
  if (!path || !carries(node, 0, kind)) return;
  const step = passingOps.get(node.op) ?? 'same';
  if (step === 'switch') for (const port of [0, 1]) put(port, [...path, { kind: step, node, port }]);
  else if (step === 'enter') put(0, [...path, { kind: step, node, port: 0 }]);
  else if (step === 'exit')
    put(
      0,
      path.slice(
        0,
        path.findLastIndex((each) => each.kind === 'enter'),
      ),
    );
  else put(0, path);
}

function commonSteps(a: Path, b: Path): Path {
  const end = a.findIndex((step, index) => !sameStep(step, b[index]));
  return end < 0 ? a : a.slice(0, end);
}

/** Whether a merge gets the variable on all of its inputs, those from a loop's end too. */
function isClosed({ op, inputs }: GraphNode, paths: ReadonlyMap<string, Path>): boolean {
  return !mergeOps.has(op) || inputs.every((input) => isControlInput(input) || paths.has(portKey(input)));
}

function usesOf(paths: ReadonlyMap<string, Path>, consumersOf: ConsumersOf): Use[] {
  const producers = new Set([...paths.keys()].map((key) => key.slice(0, key.lastIndexOf(':'))));
  return [...producers].flatMap((producer) =>
    consumersOf(producer).flatMap((consumer) => {
      const path = paths.get(`${producer}:${consumer.port}`);
      return path ? { ...consumer, path } : [];
    }),
  );
}

function portKey(input: string): string {
  const { node, port } = parseInput(input);
  return `${node}:${port}`;
}
