/**
 * TensorFlow runs initialiser nodes after it has restored the checkpoint, so what they assign goes before what is stored.
 * Those that fill lookup tables leave no trace in a constant.
 */
import { addToList } from '../add-to-list.js';
import { PermafrostError } from '../errors.js';
import { type Evaluated, Evaluator } from '../evaluate/evaluate.js';
import { Tensor } from '../evaluate/tensor.js';
import { CallBits } from '../graph/call-bits.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import { throughIdentities } from '../graph/identities.js';
import type { GraphNode } from '../graph/node.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { downstream, type NodeSet, upstream } from '../graph/upstream.js';
import { isVariable, variableIdentity, variableShape, variableType } from '../graph/variables.js';
import { listNames, nearest } from '../nearest.js';
import { dataTypeName } from '../proto/data-types.js';
import { callRowsOf } from './retyping/call-rules.js';
import { isWriter, updateOf } from './writes/variable-writes.js';

/** How many of the nodes that stand in the way are named. */
const listed = 10;

/**
 * @param variables those whose values matter.
 * @param mayGoOn is called before each value is computed, which may take any time; what it throws ends the work.
 * @returns what the initialisers assign, by the variable's name: a tensor, or another variable whose stored value it is.
 * @throws PermafrostError INVALID_ARGUMENT where there is no such node, UNSUPPORTED where a value cannot be computed.
 */
export function evaluateInitializers(
  graph: Graph,
  initializers: readonly string[],
  variables: readonly GraphNode[],
  mayGoOn?: () => void,
): Map<string, Evaluated> {
  if (initializers.length === 0) return new Map();
  const names = initializers.map(inputNode);
  for (const name of names) if (!graph.byName.has(name)) throw notInGraph(name, graph);
  const evaluator = new Evaluator(graph);
  const assigned = assignments(graph, names, variables, evaluator.obstacles);
  const values = new Map<string, Evaluated>();
  for (const variable of variables) {
    const [write, other] = assigned.get(variableIdentity(variable)) ?? [];
    if (!write) continue;
    mayGoOn?.();
    const value = evaluator.evaluate(write.inputs[1] ?? '');
    // Which of two comes last, and whether a variable is read before or after its own assignment, is for a session to say.
    const isLost =
      other !== undefined || (value && !(value instanceof Tensor) && assigned.has(variableIdentity(value)));
    if (isLost) evaluator.obstacles.add(write);
    else if (value) values.set(variable.name, value);
  }
  if (evaluator.obstacles.size > 0) throw cannotBeComputed(initializers, [...evaluator.obstacles]);
  return values;
}

/** What a variable becomes a constant of. */
export type FrozenValue = StoredTensor | Tensor;

/**
 * The value of each variable, by name: what is assigned to it, or what is stored.
 * @param bind finds the stored values.
 * @throws PermafrostError VARIABLE_MISMATCH where an assigned value is not of the variable's shape or type.
 */
export async function valuesOf(
  variables: readonly GraphNode[],
  assigned: ReadonlyMap<string, Evaluated>,
  bind: (variables: readonly GraphNode[]) => Promise<ReadonlyMap<string, StoredTensor>>,
): Promise<Map<string, FrozenValue>> {
  const sourceOf = (variable: GraphNode): Evaluated => assigned.get(variable.name) ?? variable;
  const sources = new Set(variables.map(sourceOf));
  const bound = await bind([...sources].filter((source): source is GraphNode => !(source instanceof Tensor)));
  return new Map<string, FrozenValue>(
    variables.map((variable) => {
      const source = sourceOf(variable);
      if (!(source instanceof Tensor)) return [variable.name, bound.get(source.name) as StoredTensor];
      checkMatch(variable, source);
      return [variable.name, source];
    }),
  );
}

function checkMatch(variable: GraphNode, { dtype, shape }: Tensor): void {
  const declared = variableShape(variable);
  const sameShape =
    !declared || (declared.length === shape.length && declared.every((size, axis) => size < 0 || size === shape[axis]));
  if (variableType(variable) === dtype && sameShape) return;
  throw new PermafrostError(
    'VARIABLE_MISMATCH',
    `Variable '${variable.name}' is ${dataTypeName(variableType(variable))}[${declared ?? '?'}], and its initialiser assigns ` +
      `${dataTypeName(dtype)}[${shape}] to it. Such a graph does not run; export it again, or leave the initialiser out.`,
  );
}

/** The nodes that assign the variables, by identity. Other ways of changing one are obstacles. */
function assignments(
  graph: Graph,
  initializers: readonly string[],
  variables: readonly GraphNode[],
  obstacles: Set<GraphNode>,
): Map<string, GraphNode[]> {
  const wanted = new Set(variables.map(variableIdentity));
  const found = new Map<string, GraphNode[]>();
  const calls = new CallBits(graph.library, (node) => (isWriter(node) ? 1 : 0));
  let behindWanted: NodeSet | undefined;
  for (const node of upstream(graph, initializers).nodes()) {
    const isCall = callRowsOf(node, graph.library).length > 0;
    if (isCall ? calls.of(node) === 0 : !isWriter(node)) continue;
    const targets = (isCall ? node.inputs : node.inputs.slice(0, 1)).map(
      (input) => throughIdentities(graph, input)?.node,
    );
    for (const target of targets) {
      if (!target) continue;
      const identity = isVariable(target) ? variableIdentity(target) : undefined;
      // As that of an assignment in a branch.
      const mayBeHidden = !isCall && identity === undefined;
      if (mayBeHidden) behindWanted ??= behind(graph, wanted);
      const isHidden = mayBeHidden && behindWanted?.has(target.name);
      if (isHidden || (identity !== undefined && wanted.has(identity) && updateOf(node) !== 'replaced'))
        obstacles.add(node);
      else if (identity !== undefined) addToList(found, identity, node);
    }
  }
  return found;
}

/** The nodes that anything leads to from the wanted variables. */
function behind(graph: Graph, wanted: ReadonlySet<string>): NodeSet {
  const start = graph.nodes.flatMap((node, position) =>
    isVariable(node) && wanted.has(variableIdentity(node)) ? position : [],
  );
  return downstream(graph, start);
}

function notInGraph(name: string, graph: Graph): PermafrostError {
  const [near] = nearest(name, graph.byName.keys());
  const hint = near === undefined ? '' : ` The nearest name is '${near}'.`;
  return new PermafrostError('INVALID_ARGUMENT', `There is no initialiser node '${name}' in the graph.${hint}`);
}

function cannotBeComputed(initializers: readonly string[], obstacles: readonly GraphNode[]): PermafrostError {
  const named = obstacles.slice(0, listed).map(({ name, op }) => `'${name}' (${op})`);
  const more = obstacles.length > listed ? ` and ${obstacles.length - listed} more` : '';
  return new PermafrostError(
    'UNSUPPORTED',
    `What the initialisers ${listNames(initializers)} assign to variables that the outputs need cannot be computed without ` +
      `TensorFlow: ${named.join(', ')}${more} ${obstacles.length === 1 ? 'stands' : 'stand'} in the way. Save a checkpoint ` +
      'after running them, and freeze with it and without them.',
  );
}
