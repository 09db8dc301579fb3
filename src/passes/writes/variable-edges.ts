/** The edges on which a variable's handle or reference travels, and what it passes on the way. */
import { forEachDataConsumer } from '../../graph/consumers.js';
import { leadsBack } from '../../graph/control-flow.js';
import { graphNotation, isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { mergeOps } from '../../graph/op-kinds/control-flow.js';
import { Path } from './path.js';
import { writesThrough } from './variable-writes.js';

/** Something that takes the variable as an input. */
export interface Use {
  readonly node: GraphNode;
  readonly position: number;
  /** Which of its inputs. */
  readonly input: number;
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

/**
 * Follows a variable from its nodes. A write through a reference gives that reference on.
 * @param places in the order of execution, by position.
 */
export function variableEdges(
  variables: readonly GraphNode[],
  kind: 'handle' | 'reference',
  graph: Graph,
  places: Int32Array,
): VariableEdges {
  const reached = reachedNodes(variables, kind, graph);
  const placeOf = ({ name }: GraphNode): number => places[graph.wiring.positionOf(name)] as number;
  const inOrder = [...reached].sort((a, b) => placeOf(a) - placeOf(b));
  const begin = Path.begin();
  const paths = new Map<string, Path>(variables.map(({ name }) => [`${name}:0`, begin]));
  for (const node of inOrder) addPaths(node, kind, paths, graph);
  const merges = inOrder.filter(({ op }) => mergeOps.has(op));
  const carrying = merges.filter(({ name }) => paths.has(`${name}:0`));
  // A loop's start is taken to carry the variable. If its end does not, neither does it.
  removeBehind(
    carrying.filter(({ inputs }) => !inputs.every((input) => isControlInput(input) || paths.has(portKey(input)))),
    kind,
    paths,
    graph,
  );
  const isMixed = (merge: GraphNode): boolean =>
    !paths.has(`${merge.name}:0`) && forwardInputs(merge, graph).some((input) => paths.has(portKey(input)));
  return { uses: usesOf(paths, graph), mixed: merges.filter(isMixed) };
}

/** The nodes that could carry the variable. */
function reachedNodes(variables: readonly GraphNode[], kind: 'handle' | 'reference', graph: Graph): Set<GraphNode> {
  const reached = new Set<GraphNode>();
  const next = [...variables];
  for (let node = next.pop(); node; node = next.pop()) {
    forEachConsumer(graph, node.name, (consumer, _, input) => {
      if (reached.has(consumer) || !carries(consumer, input, kind)) return;
      reached.add(consumer);
      next.push(consumer);
    });
  }
  return reached;
}

function carries(node: GraphNode, input: number, kind: 'handle' | 'reference'): boolean {
  if (mergeOps.has(node.op)) return true;
  if (input !== 0 || (passingOps.get(node.op) === 'switch' && isControlInput(node.inputs[1] ?? '^'))) return false;
  return passingOps.has(node.op) || (kind === 'reference' && writesThrough(node, 0, kind) && node.op !== 'CountUpTo');
}

function addPaths(node: GraphNode, kind: 'handle' | 'reference', paths: Map<string, Path>, graph: Graph): void {
  const pathOf = (input: string): Path | undefined => paths.get(portKey(input));
  const put = (port: number, path: Path): unknown => paths.set(`${node.name}:${port}`, path);
  if (mergeOps.has(node.op)) {
    const inputs = forwardInputs(node, graph).map(pathOf);
    const known = inputs.filter((path) => path !== undefined);
    const [first, ...others] = known;
    if (first && known.length === inputs.length)
      put(
        0,
        others.reduce((shared, path) => shared.sharedWith(path), first),
      );
    return;
  }
  const path = pathOf(node.inputs[0] ?? '');
  if (!path || !carries(node, 0, kind)) return;
  const step = passingOps.get(node.op) ?? 'same';
  if (step === 'switch') for (const port of [0, 1]) put(port, path.into({ kind: step, node, port }));
  else if (step === 'enter') put(0, path.into({ kind: step, node, port: 0 }));
  else put(0, step === 'exit' ? path.outside : path);
}

/** What a merge takes, but for what comes from a loop's end. */
function forwardInputs({ inputs }: GraphNode, graph: Graph): string[] {
  return inputs.filter((input) => !isControlInput(input) && !leadsBack(graph, input));
}

/** Some nodes do not carry the variable, nor does what they hand it on to: a merge carries it if all of its inputs do. */
function removeBehind(
  nodes: readonly GraphNode[],
  kind: 'handle' | 'reference',
  paths: Map<string, Path>,
  graph: Graph,
): void {
  const next = [...nodes];
  for (let node = next.pop(); node; node = next.pop()) {
    if (!paths.delete(`${node.name}:0`)) continue;
    paths.delete(`${node.name}:1`);
    forEachConsumer(graph, node.name, (consumer, _, input) => {
      if (paths.has(`${consumer.name}:0`) && carries(consumer, input, kind)) next.push(consumer);
    });
  }
}

function usesOf(paths: ReadonlyMap<string, Path>, graph: Graph): Use[] {
  const producers = new Set([...paths.keys()].map((key) => key.slice(0, key.lastIndexOf(':'))));
  const uses: Use[] = [];
  for (const producer of producers) {
    forEachConsumer(graph, producer, (node, position, input, port) => {
      const path = paths.get(`${producer}:${port}`);
      if (path) uses.push({ node, position, input, path });
    });
  }
  return uses;
}

function forEachConsumer(
  { wiring }: Graph,
  producer: string,
  visit: (node: GraphNode, position: number, input: number, port: number) => void,
): void {
  forEachDataConsumer(wiring, graphNotation, wiring.numberOf(producer), visit);
}

function portKey(input: string): string {
  const { node, port } = parseInput(input);
  return `${node}:${port}`;
}
