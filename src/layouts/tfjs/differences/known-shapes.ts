/** What can be known of the shapes in a graph without computing it: enough to tell some inputs apart, no more. */
import { parseInput } from '../../../graph/edges.js';
import type { Graph } from '../../../graph/graph.js';
import type { GraphNode } from '../../../graph/node.js';
import { mostDimensions } from '../constant-numbers.js';
import { type KnownShape, NodeFacts, type ShapeSource } from './node-facts.js';
import { shapeRules } from './shape-rules.js';

export class KnownShapes implements ShapeSource {
  /** By node: of its first output. */
  readonly #known = new Map<string, KnownShape>();

  constructor(private readonly graph: Graph) {}

  of(input: string | undefined): KnownShape {
    const last = this.#producer(input);
    if (!last) return undefined;
    // No recursion: a long chain would take more stack than there is.
    const waiting = this.#known.has(last.name) ? [] : [last];
    for (let node = waiting.at(-1); node; node = waiting.at(-1)) {
      const before = this.#before(node);
      // In a loop, it comes to itself.
      if (!this.#known.has(node.name)) this.#known.set(node.name, undefined);
      if (before.length > 0) {
        waiting.push(...before);
        continue;
      }
      waiting.pop();
      this.#known.set(node.name, this.#result(node));
    }
    return this.#known.get(last.name);
  }

  /** Those that nobody has looked at yet, of the nodes that tell its shape. */
  #before(node: GraphNode): GraphNode[] {
    if (!shapeRules.has(node.op)) return [];
    const [first, second] = [this.#producer(node.inputs[0]), this.#producer(node.inputs[1])];
    return [first, second].filter((each) => each !== undefined).filter(({ name }) => !this.#known.has(name));
  }

  #producer(input: string | undefined): GraphNode | undefined {
    if (input === undefined) return undefined;
    const { node, port } = parseInput(input);
    return port === 0 ? this.graph.byName.get(node) : undefined;
  }

  #result(node: GraphNode): KnownShape {
    const shape = shapeRules.get(node.op)?.(new NodeFacts(node, this.graph, this, new Set()));
    return shape && shape.length <= mostDimensions ? shape : undefined;
  }
}
