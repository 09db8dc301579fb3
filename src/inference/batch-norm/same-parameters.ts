/**
 * Normalisations that read the scale and offset of another one, and keep no averages of their own: towers, of which the first
 * alone has updates. The way from a statistic to where a parameter meets it is followed, and the same way back from the other
 * readers of that parameter.
 */
import { isControlInput, parseInput, tensorName } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import type { Scope } from '../scope.js';
import { isOfAllExamples } from './batch-statistic.js';
import { type Evidence, oneOfEach } from './evidence.js';
import { passingOps, producerOf, tensorOf, variableBehind, variableKey } from './flow.js';
import { type BatchStatistic, type Kept, statisticOf } from './kept-statistics.js';

interface Step {
  readonly op: string;
  /** Which input the way comes in by. */
  readonly input: number;
}

/** Ends with the op that has the parameter as another input. */
interface Way {
  readonly steps: readonly Step[];
  /** Tells the op, the input and the variable. */
  readonly parameter: string;
}

const normalizing: ReadonlySet<string> = new Set([
  ...[
    'Add',
    'AddV2',
    'Sub',
    'Mul',
    'Div',
    'RealDiv',
    'Neg',
    'BiasAdd',
    'Maximum',
    'Sqrt',
    'Rsqrt',
    'Pow',
    'Reciprocal',
  ],
  ...['Square', 'SquaredDifference', 'Mean', 'Sum', ...passingOps],
]);

/** A normalisation has fewer. */
const maxSteps = 12;
const maxNodes = 64;

/** From one node. */
const mostSteps = 1_000;

/** A graph has a norm for each of its towers, and looks back from each. */
const mostBack = 500_000;

export function twinsOf(scope: Scope, evidence: Evidence, kept: readonly Kept[]): BatchStatistic[] {
  const known = new Set(kept.map(({ tensor }) => tensor));
  const averages = new Set(evidence.updates.map(({ variable }) => variableKey(variable)));
  const steps = new StepsOn(scope, evidence, averages);
  const ways = kept.map((statistic) => wayOf(evidence, steps, statistic));
  const wanted = new Set(ways.flatMap((way) => way?.parameter ?? []));
  if (wanted.size === 0) return [];
  const readers = readersOfParameters(scope, evidence, wanted);
  const origins = new Map<string, Kept[]>();
  let back = 0;
  for (const { way, statistics } of sameWays(kept, ways)) {
    const from = readers.get(way.parameter) ?? [];
    back += from.length;
    for (const reader of back > mostBack ? [] : from) {
      const tensor = startOf(scope, reader, way.steps);
      if (tensor === undefined || known.has(tensor) || !isLike(scope, tensor, statistics[0])) continue;
      const found = origins.get(tensor);
      if (found) found.push(...statistics);
      else origins.set(tensor, [...statistics]);
    }
  }
  return [...origins].flatMap(([tensor, statistics]) => twinOf(scope, evidence, tensor, statistics) ?? []);
}

interface SameWay {
  readonly way: Way;
  /** The first that goes it, and the first with another variable: more of them tell nothing more. */
  readonly statistics: [Kept, ...Kept[]];
}

/** Thousands may go the same way, and each way is followed back from thousands of readers. */
function sameWays(kept: readonly Kept[], ways: readonly (Way | undefined)[]): Iterable<SameWay> {
  const found = new Map<string, SameWay>();
  kept.forEach((statistic, index) => {
    const way = ways[index];
    if (!way) return;
    const { node, tensor } = statistic;
    const key = JSON.stringify([way, node.op, parseInput(tensor).port]);
    const same = found.get(key);
    if (!same) found.set(key, { way, statistics: [statistic] });
    else if (same.statistics.length === 1) {
      const variables = oneOfEach([...same.statistics[0].updates, ...statistic.updates]);
      if (variables.length > 1) same.statistics.push(statistic);
    }
  });
  return found.values();
}

function twinOf(
  scope: Scope,
  evidence: Evidence,
  tensor: string,
  origins: readonly Kept[],
): BatchStatistic | undefined {
  // Parameters that several normalisations share, each with averages of its own, tell nothing.
  const variables = oneOfEach(origins.flatMap(({ updates }) => updates));
  const [origin] = origins;
  if (!origin || variables.length !== 1) return undefined;
  const updates = origin.updates.map((update) => ({ ...update, chain: chainFrom(scope, tensor, update.chain) }));
  const node = producerOf(scope.graph, tensor) as GraphNode;
  return statisticOf(scope, evidence, { tensor, node, updates }, origin.node);
}

/** The nearest place where a statistic meets a variable that holds no average of it. */
function wayOf(evidence: Evidence, stepsOn: StepsOn, { tensor, node }: Kept): Way | undefined {
  const isNeeded = evidence.isNeeded(node.name);
  const ways = new Map<string, readonly Step[]>([[node.name, []]]);
  for (const [name, steps] of ways) {
    if (ways.size > maxNodes) return undefined;
    const port = name === node.name ? parseInput(tensor).port : undefined;
    for (const { reader, op, input, parameter } of stepsOn.from(name, port, isNeeded)) {
      if (ways.has(reader)) continue;
      const way = [...steps, { op, input }];
      if (parameter !== undefined) return { steps: way, parameter };
      if (way.length < maxSteps) ways.set(reader, way);
    }
  }
  return undefined;
}

interface StepOn extends Step {
  /** Name of the node that is gone to. */
  readonly reader: string;
  /** As that of a way: the variable that it meets there. */
  readonly parameter: string | undefined;
}

/** Where a statistic can go from a node. Thousands of them may come to one that thousands read. */
class StepsOn {
  readonly #known = new Map<string, readonly StepOn[]>();
  readonly #parameters = new Map<GraphNode, readonly Parameter[]>();

  /** @param averages keys of variables that are no parameters. */
  constructor(
    private readonly scope: Scope,
    private readonly evidence: Evidence,
    private readonly averages: ReadonlySet<string>,
  ) {}

  /**
   * @param port of its outputs, the one that is read; undefined: any.
   * @param isNeeded whether nodes that the outputs do not need are left aside.
   */
  from(name: string, port: number | undefined, isNeeded: boolean): readonly StepOn[] {
    const id = `${port} ${isNeeded} ${name}`;
    const known = this.#known.get(id) ?? this.#find(name, port, isNeeded);
    this.#known.set(id, known);
    return known;
  }

  #find(name: string, port: number | undefined, isNeeded: boolean): StepOn[] {
    const found = new Map<string, StepOn>();
    const all = isNeeded ? this.evidence.readers(name, port) : this.scope.readers(name);
    for (const { node, input, port: own } of all) {
      if (found.size > mostSteps) break;
      const isOther = port !== undefined && port !== own;
      if (isOther || !normalizing.has(node.op) || found.has(node.name)) continue;
      const parameter = this.#parametersOf(node).find((each) => each.input !== input)?.key;
      found.set(node.name, { reader: node.name, op: node.op, input, parameter });
    }
    return [...found.values()];
  }

  /** Two at most: one of them is at another input than any that somebody comes by. */
  #parametersOf(node: GraphNode): readonly Parameter[] {
    const all = () => parametersOf(this.scope, node).filter((each) => !this.averages.has(each.variable));
    const first = this.#parameters.get(node) ?? all().slice(0, 2);
    this.#parameters.set(node, first);
    return first;
  }
}

interface Parameter {
  readonly input: number;
  readonly variable: string;
  readonly key: string;
}

function parametersOf({ graph }: Scope, { op, inputs }: GraphNode): Parameter[] {
  return inputs.flatMap((text, input) => {
    const found = isControlInput(text) ? undefined : variableBehind(graph, text);
    if (!found) return [];
    const variable = variableKey(found);
    return { input, variable, key: `${op} ${input} ${variable}` };
  });
}

function readersOfParameters(
  scope: Scope,
  evidence: Evidence,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, readonly GraphNode[]> {
  const readers = new Map<string, GraphNode[]>();
  for (const node of scope.needed.nodes()) {
    if (!normalizing.has(node.op) || passingOps.has(node.op) || !evidence.isNeeded(node.name)) continue;
    for (const { key } of parametersOf(scope, node)) {
      if (!wanted.has(key)) continue;
      const found = readers.get(key);
      if (found) found.push(node);
      else readers.set(key, [node]);
    }
  }
  return readers;
}

/** Goes the way back from its last node. @returns the tensor that it starts at. */
function startOf({ graph }: Scope, end: GraphNode, steps: readonly Step[]): string | undefined {
  let node: GraphNode | undefined = end;
  let input: string | undefined;
  for (const step of steps.toReversed()) {
    if (node?.op !== step.op) return undefined;
    input = node.inputs[step.input];
    if (input === undefined || isControlInput(input)) return undefined;
    node = producerOf(graph, input);
  }
  return input === undefined ? undefined : tensorOf(input);
}

function isLike({ graph }: Scope, tensor: string, { node, tensor: origin }: Kept): boolean {
  const isSame = producerOf(graph, tensor)?.op === node.op && parseInput(tensor).port === parseInput(origin).port;
  return isSame && isOfAllExamples(graph, tensor);
}

/** What stands for the tensors between a statistic and its update; where there is nothing of the kind, they themselves. */
function chainFrom(scope: Scope, tensor: string, chain: readonly string[]): string[] {
  const found = [tensor];
  for (const next of chain.slice(0, -1).toReversed()) {
    const op = producerOf(scope.graph, next)?.op;
    const reader = scope.readers(parseInput(found[0] as string).node).find(({ node }) => node.op === op);
    found.unshift(reader ? tensorName(reader.node.name, parseInput(next).port) : next);
  }
  return found;
}
