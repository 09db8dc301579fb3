/** Which branch of a conditional, or which loop, of TensorFlow 1 a tensor is computed in. */
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { switchOps } from '../../graph/op-kinds/control-flow.js';
import { producerOf } from './flow.js';

export interface Place {
  /** The output of the Switch that decides whether it is computed; undefined where that is always the case. */
  readonly branch: string | undefined;
  readonly isInLoop: boolean;
}

/** Nobody nests more conditionals and loops by intent; a circle would lead through more of them each time. */
const mostOpen = 100;

const outside: Place = { branch: undefined, isInLoop: false };

const controlFlow: ReadonlySet<string> = new Set([...switchOps, 'Enter', 'RefEnter']);

/** The places of a graph's nodes. */
export class Places {
  /** By name. */
  readonly #known = new Map<string, Place>();
  readonly #hasControlFlow: boolean;

  constructor(private readonly graph: Graph) {
    this.#hasControlFlow = graph.nodes.some(({ op }) => controlFlow.has(op));
  }

  /** Goes up along first inputs, past conditionals and loops that have ended by then. */
  of(node: GraphNode): Place {
    if (!this.#hasControlFlow) return outside;
    const graph = this.graph;
    const places = this.#known;
    const way: string[] = [];
    let found: Place | undefined;
    let branch: string | undefined;
    let [merges, exits] = [0, 0];
    let input: string | undefined = node.name;
    for (const seen = new Set<string>(); input !== undefined && !seen.has(`${input} ${merges} ${exits}`); ) {
      if (merges + exits > mostOpen) break;
      seen.add(`${input} ${merges} ${exits}`);
      const { node: name, port } = parseInput(input);
      const each: GraphNode | undefined = graph.byName.get(name);
      if (!each) break;
      const isOpen = merges === 0 && exits === 0;
      if (isOpen && branch === undefined) {
        found = places.get(name);
        if (found) break;
        way.push(name);
      }
      input = each.inputs.find((next) => !isControlInput(next));
      if (each.op === 'Exit') exits++;
      else if (isLoopStart(graph, each)) {
        if (exits === 0) return { branch, isInLoop: true };
        exits--;
        input = producerOf(graph, input ?? '')?.inputs[0];
      } else if (each.op === 'Enter') return { branch, isInLoop: true };
      else if (each.op === 'Merge') merges++;
      else if (each.op === 'Switch' && !isOfLoop(graph, each)) {
        if (merges > 0) merges--;
        else branch ??= `${name}:${port}`;
      }
    }
    found ??= { branch, isInLoop: false };
    for (const name of way) places.set(name, found);
    return found;
  }
}

function isLoopStart(graph: Graph, { op, inputs }: GraphNode): boolean {
  return op === 'Merge' && inputs.some((input) => producerOf(graph, input)?.op === 'NextIteration');
}

function isOfLoop(graph: Graph, { inputs }: GraphNode): boolean {
  const source = producerOf(graph, inputs[0] ?? '');
  return source !== undefined && isLoopStart(graph, source);
}
