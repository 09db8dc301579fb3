/** The outputs that are suggested, with what speaks for each. */
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { dataTypeName } from '../../proto/data-types.js';
import { canBeFed } from '../inputs/input-cut.js';
import { outputTypes, tensorShape } from '../inputs/tensor-facts.js';
import type { SuggestedOutput } from './suggestion.js';

type Confidence = SuggestedOutput['confidence'];

/** What makes a probability of a prediction. */
const activations = /^(Softmax|Sigmoid|LogSoftmax)$/;

const order: readonly Confidence[] = ['signature', 'likely', 'possible'];

export class OutputList {
  /** By position. */
  readonly #found = new Map<number, { readonly confidence: Confidence; readonly reasons: string[] }>();

  constructor(private readonly graph: Graph) {}

  has(position: number): boolean {
    return this.#found.has(position);
  }

  /** Of a node that is there already, the first confidence counts. Handles and the like are no outputs. */
  add(position: number, confidence: Confidence, reason: string): void {
    const known = this.#found.get(position);
    if (known) {
      if (!known.reasons.includes(reason)) known.reasons.push(reason);
      return;
    }
    const node = this.#node(position);
    const types = outputTypes(node, this.graph);
    if (types && !canBeFed(types[0] ?? 0) && types[0] !== 0) return;
    const own = activations.test(node.op) ? [`${node.op} makes probabilities`] : [];
    this.#found.set(position, { confidence, reasons: [reason, ...own] });
  }

  /** Best first; of those alike, the last in the graph. */
  sorted(): SuggestedOutput[] {
    return [...this.#found]
      .sort(([a, first], [b, second]) => {
        return order.indexOf(first.confidence) - order.indexOf(second.confidence) || b - a;
      })
      .map(([position, { confidence, reasons }]) => {
        const node = this.#node(position);
        const type = outputTypes(node, this.graph)?.[0] ?? 0;
        const dtype = type === 0 ? 'unknown' : dataTypeName(type);
        const shape = tensorShape(this.graph, node, 0)?.value;
        return { tensor: node.name, op: node.op, dtype, shape, confidence, reasons };
      });
  }

  #node(position: number): GraphNode {
    return this.graph.nodes[position] as GraphNode;
  }
}
