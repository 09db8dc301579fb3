/** What part nodes have in a graph, by the data that comes to them and what becomes of it: in the model, in the loss, or aside. */
import type { Graph } from '../../graph/graph.js';
import { throughIdentities } from '../../graph/identities.js';
import type { GraphNode } from '../../graph/node.js';
import type { NodeSet } from '../../graph/upstream.js';
import { isVariable } from '../../graph/variables.js';
import { DataType, floatTypes } from '../../proto/data-types.js';
import { outputTypes } from '../inputs/tensor-facts.js';
import { downstreamOf, forEachReader, readersOf, tensorsInto } from './data-flow.js';
import { findLosses, type Loss, positionsOf } from './find-losses.js';
import { isEnd, isReport, isSource, measuring, summing } from './op-roles.js';
import { isOverBatch } from './over-batch.js';
import { sourceTensors } from './source-tensors.js';

const continuous: ReadonlySet<number> = new Set([...floatTypes, DataType.complex64, DataType.complex128]);

/** What only brings a prediction into the form that a loss takes. */
const forming = /^(Reshape|Squeeze|ExpandDims|Cast|StopGradient)$/;

/** What gives all that a loop or a branch has, whether anybody wants it or not. */
const leaving = /^(Exit|Merge|Switch|(Stateless)?(While|If|Case))$/;

const choosing = /^(ArgMax|TopK(V2)?|InTopK.*|Cast)$/;

/** Nodes are told by their positions. */
export class NodeRoles {
  readonly losses: readonly Loss[];
  /** What labels have a part in. */
  readonly #judging: NodeSet;
  readonly #fromData: NodeSet;
  /** What variables have a part in; where there are none, what data has. */
  readonly #model: NodeSet;

  constructor(private readonly graph: Graph) {
    const variables = positionsOf(graph, isVariable);
    this.#fromData = downstreamOf(graph, positionsOf(graph, isSource));
    const learned = downstreamOf(graph, variables);
    this.losses = findLosses(graph, this.#fromData, learned);
    const readersOfLabels = findReadersOfLabels(graph, this.losses);
    this.#judging = downstreamOf(graph, [...this.losses.map(({ node }) => node), ...readersOfLabels]);
    this.#model = variables.length > 0 ? learned : this.#fromData;
  }

  /** A prediction before it takes the form that the loss wants, as far as nothing else reads that form. */
  headOf({ prediction }: Loss): number {
    let head = prediction.position;
    while (forming.test(this.#node(head).op) && this.#isForLoss(head)) {
      const [before] = tensorsInto(this.graph, head);
      if (!before) break;
      head = before.position;
    }
    return head;
  }

  /** The last tensors of numbers that are made of predictions without labels. */
  lastTensors(): number[] {
    const all = positionsOf(this.graph, () => true);
    const isMade = all.map((each) => this.#isModel(each) && this.#isFloat(each));
    const goesOn = (reader: number): boolean => isMade[reader] === true && !this.isTotal(reader);
    return all.filter((each) => isMade[each] && !readersOf(this.graph, each).some(goesOn));
  }

  /** What the model computes and nothing reads, or only what reports it. */
  sinks(): number[] {
    return positionsOf(this.graph, () => true).filter((each) => this.#isSink(each));
  }

  /** Whether a node makes one of all examples, which is none of what a model says. */
  isTotal(position: number): boolean {
    return isOverBatch(this.graph, position);
  }

  isUnjudged(position: number): boolean {
    return readersOf(this.graph, position).every((reader) => !this.#judging.hasAt(reader));
  }

  /** Whether a node is chosen by numbers, as the index of the largest. */
  isChoice(position: number): boolean {
    return choosing.test(this.#node(position).op) && this.#isModel(position) && !this.#isFloat(position);
  }

  /** Whether a sink is more than what a loop or a branch left behind, or what is only reported. */
  isFree(sink: number): boolean {
    const made = throughIdentities(this.graph, this.#node(sink).name)?.node.op ?? '';
    return !leaving.test(made) && readersOf(this.graph, sink).length === 0 && this.#isFloat(sink);
  }

  #node(position: number): GraphNode {
    return this.graph.nodes[position] as GraphNode;
  }

  #isForLoss(position: number): boolean {
    return readersOf(this.graph, position).every((reader) => this.#judging.hasAt(reader) || isEnd(this.#node(reader)));
  }

  #isSink(position: number): boolean {
    const { op } = this.#node(position);
    if (!this.#isModel(position) || measuring.test(op) || this.isTotal(position)) return false;
    const readers = readersOf(this.graph, position);
    if (readers.length > 0 && summing.test(op)) return false;
    return readers.every((reader) => isReport(this.#node(reader).op));
  }

  #isModel(position: number): boolean {
    const isMade = this.#fromData.hasAt(position) && this.#model.hasAt(position);
    return isMade && !this.#judging.hasAt(position) && !isEnd(this.#node(position));
  }

  #isFloat(position: number): boolean {
    return continuous.has(outputTypes(this.#node(position), this.graph)?.[0] ?? 0);
  }
}

/** Those that read labels: data that no prediction is made of. */
function findReadersOfLabels(graph: Graph, losses: readonly Loss[]): number[] {
  const predictions = losses.map(({ prediction }) => prediction);
  const features = sourceTensors(graph, predictions);
  const labels = sourceTensors(
    graph,
    losses.flatMap((loss) => loss.labels),
  );
  const readers: number[] = [];
  for (const [source, ports] of labels) {
    forEachReader(graph, source, (reader, port) => {
      if (ports.has(port) && !features.get(source)?.has(port)) readers.push(reader);
    });
  }
  return readers;
}
