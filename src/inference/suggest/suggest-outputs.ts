/** Ranks what may be an output: the ends of what a model computes, where training and its bookkeeping are left aside. */
import type { Graph } from '../../graph/graph.js';
import { throughIdentities } from '../../graph/identities.js';
import type { GraphNode } from '../../graph/node.js';
import type { NodeSet } from '../../graph/upstream.js';
import { isVariable } from '../../graph/variables.js';
import { DataType, dataTypeName, floatTypes } from '../../proto/data-types.js';
import { canBeFed } from '../inputs/input-cut.js';
import { outputTypes, tensorShape } from '../inputs/tensor-facts.js';
import {
  downstreamOf,
  forEachReader,
  forEachSource,
  readersOf,
  type Tensor,
  tensorsInto,
  upstreamOf,
} from './data-flow.js';
import { findLosses, type Loss, positionsOf } from './find-losses.js';
import { isEnd, isReport, isSource, measuring, summing } from './op-roles.js';
import { isOverBatch } from './over-batch.js';
import { FewVisits, reachedEnds, several } from './reached-ends.js';
import type { SuggestedOutput } from './suggestion.js';

export interface RankedOutputs {
  readonly outputs: readonly SuggestedOutput[];
  /** Names of the nodes that are the one end of each thing the model learns; undefined where one has several. */
  readonly auto: readonly string[] | undefined;
}

const continuous: ReadonlySet<number> = new Set([...floatTypes, DataType.complex64, DataType.complex128]);

/** What only brings a prediction into the form that a loss takes. */
const forming = /^(Reshape|Squeeze|ExpandDims|Cast|StopGradient)$/;

/** How many predictions are told of that one tensor is made of. */
const mostReasons = 3;

/** What gives all that a loop or a branch has, whether anybody wants it or not. */
const leaving = /^(Exit|Merge|Switch|(Stateless)?(While|If|Case))$/;

/** What makes a probability of a prediction. */
const activations = /^(Softmax|Sigmoid|LogSoftmax)$/;

export function suggestOutputs(graph: Graph): RankedOutputs {
  return new OutputSearch(graph).rank();
}

class OutputSearch {
  readonly #losses: readonly Loss[];
  /** What labels have a part in. */
  readonly #judging: NodeSet;
  readonly #fromData: NodeSet;
  /** What variables have a part in; where there are none, what data has. */
  readonly #model: NodeSet;
  /** Of predictions, by position. */
  readonly #heads = new Map<number, number>();
  readonly #found = new Map<number, { confidence: SuggestedOutput['confidence']; reasons: string[] }>();

  constructor(private readonly graph: Graph) {
    const variables = positionsOf(graph, isVariable);
    this.#fromData = downstreamOf(graph, positionsOf(graph, isSource));
    const learned = downstreamOf(graph, variables);
    this.#losses = findLosses(graph, this.#fromData, learned);
    this.#judging = downstreamOf(graph, [...this.#losses.map(({ node }) => node), ...this.#readersOfLabels()]);
    this.#model = variables.length > 0 ? learned : this.#fromData;
  }

  rank(): RankedOutputs {
    const heads = new Map<number, Loss[]>();
    for (const loss of this.#losses) {
      const head = this.#headOf(loss);
      const losses = heads.get(head);
      if (losses) losses.push(loss);
      else heads.set(head, [loss]);
    }
    const isTotal = (position: number): boolean => this.#isTotal(position);
    const last = heads.size > 0 ? this.#lastTensors() : [];
    const free = last.filter((each) => this.#isUnjudged(each));
    const [toLast, toFree] = [reachedEnds(this.graph, last, isTotal), reachedEnds(this.graph, free, isTotal)];
    const [areLast, areFree] = [new Set(last), new Set(free)];
    const made = new FewVisits(this.graph, isTotal, mostReasons);
    const chosen = new FewVisits(this.graph, () => false, mostReasons);
    let auto: string[] | undefined = [];
    for (const [head, losses] of heads) {
      // Those for the loss alone only if no others are.
      const end = toFree(head) ?? toLast(head) ?? head;
      const isEnd = toFree(head) !== undefined ? areFree : areLast;
      const names = losses.slice(0, 3).map(({ node }) => `'${this.#node(node).name}' (${this.#node(node).op})`);
      const into = `goes into the loss ${names.join(' and ')}`;
      const ends = made.from(head).filter((each) => isEnd.has(each));
      for (const each of end === head ? [head] : ends) {
        this.#add(each, 'likely', each === head ? into : `is made of '${this.#node(head).name}', which ${into}`);
      }
      this.#add(head, 'possible', into);
      for (const each of chosen.from(head).filter((position) => this.#isChoice(position))) {
        this.#add(each, 'possible', `is made of '${this.#node(head).name}', and holds no numbers of its own`);
      }
      if (end === several) auto = undefined;
      else auto?.push(this.#node(end).name);
    }
    const sinks = positionsOf(this.graph, () => true).filter((position) => this.#isSink(position));
    const others = sinks.filter((sink) => !this.#found.has(sink) && this.#isFree(sink));
    for (const sink of sinks) this.#add(sink, heads.size > 0 ? 'possible' : 'likely', 'nothing in the graph reads it');
    if (heads.size === 0) auto = sinks.length === 1 ? sinks.map((sink) => this.#node(sink).name) : undefined;
    // What no loss knows of may be an output all the same, such as an embedding.
    else if (others.length > 0) auto = undefined;
    return { outputs: this.#sorted(), auto: auto && [...new Set(auto)] };
  }

  #node(position: number): GraphNode {
    return this.graph.nodes[position] as GraphNode;
  }

  /** A prediction before it takes the form that the loss wants, as far as nothing else reads that form. */
  #headOf({ prediction }: Loss): number {
    const known = this.#heads.get(prediction.position);
    if (known !== undefined) return known;
    let head = prediction.position;
    while (forming.test(this.#node(head).op) && this.#isForLoss(head)) {
      const [before] = tensorsInto(this.graph, head);
      if (!before) break;
      head = before.position;
    }
    this.#heads.set(prediction.position, head);
    return head;
  }

  #isForLoss(position: number): boolean {
    return readersOf(this.graph, position).every((reader) => this.#judging.hasAt(reader) || this.#isAside(reader));
  }

  /** The last tensors of numbers that are made of predictions without labels. */
  #lastTensors(): number[] {
    const isMade = positionsOf(this.graph, () => true).map((each) => this.#isModel(each) && this.#isFloat(each));
    const goesOn = (reader: number): boolean => isMade[reader] === true && !this.#isTotal(reader);
    return positionsOf(this.graph, () => true).filter(
      (each) => isMade[each] && !readersOf(this.graph, each).some(goesOn),
    );
  }

  /** Whether a node makes one of all examples, which is none of what a model says. */
  #isTotal(position: number): boolean {
    return isOverBatch(this.graph, position);
  }

  #isUnjudged(position: number): boolean {
    return readersOf(this.graph, position).every((reader) => !this.#judging.hasAt(reader));
  }

  /** Whether a node is chosen by numbers, as the index of the largest. */
  #isChoice(position: number): boolean {
    const isChosen = /^(ArgMax|TopK(V2)?|InTopK.*|Cast)$/.test(this.#node(position).op);
    return isChosen && this.#isModel(position) && !this.#isFloat(position);
  }

  #isSink(position: number): boolean {
    const readers = readersOf(this.graph, position);
    const { op } = this.#node(position);
    if (!this.#isModel(position) || measuring.test(op) || isOverBatch(this.graph, position)) return false;
    if (readers.length > 0 && summing.test(op)) return false;
    return readers.every((reader) => isReport(this.#node(reader).op));
  }

  /** Whether a sink is more than what a loop or a branch left behind, or what is only reported. */
  #isFree(position: number): boolean {
    const made = throughIdentities(this.graph, this.#node(position).name)?.node.op ?? '';
    return !leaving.test(made) && readersOf(this.graph, position).length === 0 && this.#isFloat(position);
  }

  /** Whether a node writes, reports or trains. */
  #isAside(position: number): boolean {
    return isEnd(this.#node(position));
  }

  #isModel(position: number): boolean {
    return (
      this.#fromData.hasAt(position) &&
      this.#model.hasAt(position) &&
      !this.#judging.hasAt(position) &&
      !this.#isAside(position)
    );
  }

  #isFloat(position: number): boolean {
    return continuous.has(this.#typeOf(position));
  }

  #typeOf(position: number): number {
    return outputTypes(this.#node(position), this.graph)?.[0] ?? 0;
  }

  /** Those that read labels: data that no prediction is made of. */
  #readersOfLabels(): number[] {
    const features = sourceTensors(
      this.graph,
      this.#losses.map(({ prediction }) => prediction),
    );
    const labels = sourceTensors(
      this.graph,
      this.#losses.flatMap((loss) => loss.labels),
    );
    const readers: number[] = [];
    for (const [source, ports] of labels) {
      forEachReader(this.graph, source, (reader, port) => {
        if (ports.has(port) && !features.get(source)?.has(port)) readers.push(reader);
      });
    }
    return readers;
  }

  #add(position: number, confidence: SuggestedOutput['confidence'], reason: string): void {
    const known = this.#found.get(position);
    if (known) {
      if (!known.reasons.includes(reason)) known.reasons.push(reason);
      return;
    }
    const types = outputTypes(this.#node(position), this.graph);
    if (types && !canBeFed(types[0] ?? 0) && types[0] !== 0) return;
    const { op } = this.#node(position);
    const own = activations.test(op) ? [`${op} makes probabilities`] : [];
    this.#found.set(position, { confidence, reasons: [reason, ...own] });
  }

  #sorted(): SuggestedOutput[] {
    const order = ['signature', 'likely', 'possible'];
    return [...this.#found]
      .sort(([a, first], [b, second]) => {
        return order.indexOf(first.confidence) - order.indexOf(second.confidence) || b - a;
      })
      .map(([position, { confidence, reasons }]) => {
        const node = this.#node(position);
        const type = this.#typeOf(position);
        return {
          tensor: node.name,
          op: node.op,
          dtype: type === 0 ? 'unknown' : dataTypeName(type),
          shape: tensorShape(this.graph, node, 0)?.value,
          confidence,
          reasons,
        };
      });
  }
}

/** The outputs of sources of data that some nodes are computed from, by the positions of the sources. */
export function sourceTensors(graph: Graph, from: readonly Tensor[]): ReadonlyMap<number, ReadonlySet<number>> {
  const tensors = new Map<number, Set<number>>();
  const visit = (source: number, port: number): void => {
    if (!isSource(graph.nodes[source] as GraphNode)) return;
    const ports = tensors.get(source) ?? new Set();
    tensors.set(source, ports.add(port));
  };
  const needed = upstreamOf(
    graph,
    from.map(({ position }) => position),
  );
  for (const position of needed.positions()) forEachSource(graph, position, visit);
  // A source may itself be asked for.
  for (const { position, port } of from) visit(position, port);
  return tensors;
}
