/** Which branch of a conditional, or which loop, of TensorFlow 1 a tensor is computed in. */
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { switchOps } from '../../graph/op-kinds/control-flow.js';
import { producerOf, tensorOf } from './flow.js';

export interface Place {
  /** The output of the Switch that decides whether it is computed; undefined where that is always the case, and in a loop. */
  readonly branch: string | undefined;
  /** Whether the conditional, or another around it, is in a loop. */
  readonly isInLoop: boolean;
  /** What the conditional or the loop is in; undefined where it is in nothing. */
  readonly outer: Place | undefined;
}

const outside: Place = { branch: undefined, isInLoop: false, outer: undefined };

const controlFlow: ReadonlySet<string> = new Set([...switchOps, 'Enter', 'RefEnter']);

/** The places of a graph's nodes. */
export class Places {
  /** By name, and of a Switch by output. */
  readonly #known = new Map<string, Place>();
  readonly #hasControlFlow: boolean;
  /** The Merges that loops start with. */
  readonly #loopStarts: ReadonlySet<GraphNode>;

  constructor(private readonly graph: Graph) {
    this.#hasControlFlow = graph.nodes.some(({ op }) => controlFlow.has(op));
    this.#loopStarts = new Set(graph.nodes.filter((node) => this.#hasControlFlow && isLoopStart(graph, node)));
  }

  /** Goes up along first inputs, past conditionals and loops that have ended by then. */
  of(node: GraphNode): Place {
    if (!this.#hasControlFlow) return outside;
    const way: { readonly key: string; readonly node: GraphNode }[] = [];
    let place = outside;
    for (let input: string | undefined = node.name; input !== undefined; ) {
      const each = producerOf(this.graph, input);
      if (!each) break;
      const key: string = each.op === 'Switch' ? tensorOf(input) : each.name;
      const known = this.#known.get(key);
      if (known) {
        place = known;
        break;
      }
      // Until it is known, and for good in a circle that no loop makes.
      this.#known.set(key, outside);
      way.push({ key, node: each });
      input = this.#before(each);
    }
    for (const { key, node: each } of way.toReversed()) {
      place = this.#after(each, key, place);
      this.#known.set(key, place);
    }
    return place;
  }

  /** The input whose place tells that of a node. */
  #before(node: GraphNode): string | undefined {
    const first = node.inputs.find((input) => !isControlInput(input));
    // A loop starts from an Enter.
    return this.#loopStarts.has(node) ? producerOf(this.graph, first ?? '')?.inputs[0] : first;
  }

  /** @param place of what is before the node. */
  #after(node: GraphNode, tensor: string, place: Place): Place {
    if (this.#loopStarts.has(node) || node.op === 'Enter') return { branch: undefined, isInLoop: true, outer: place };
    if (node.op === 'Exit') return loopAround(place)?.outer ?? place;
    if (node.op === 'Merge') return place.branch === undefined ? place : (place.outer ?? outside);
    if (node.op !== 'Switch' || this.#isOfLoop(node)) return place;
    const { node: name, port } = parseInput(tensor);
    return { branch: `${name}:${port}`, isInLoop: place.isInLoop, outer: place };
  }

  #isOfLoop({ inputs }: GraphNode): boolean {
    const source = producerOf(this.graph, inputs[0] ?? '');
    return source !== undefined && this.#loopStarts.has(source);
  }
}

function isLoopStart(graph: Graph, { op, inputs }: GraphNode): boolean {
  return op === 'Merge' && inputs.some((input) => producerOf(graph, input)?.op === 'NextIteration');
}

/** The innermost loop; undefined where there is none. */
function loopAround(place: Place): Place | undefined {
  let around: Place | undefined = place;
  while (around?.isInLoop && around.branch !== undefined) around = around.outer;
  return around?.isInLoop ? around : undefined;
}
