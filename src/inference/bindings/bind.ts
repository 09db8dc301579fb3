/** What is bound, by callers or by itself, and the branches that this decides. */

import type { Tensor } from '../../evaluate/tensor.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { handleOp } from '../../graph/variables.js';
import { isWriter } from '../../passes/writes/variable-writes.js';
import type { Change } from '../change.js';
import type { RewriteName } from '../rewrite-name.js';
import { VariableFlow, variableKey } from '../variables/variable-flow.js';
import { type Bound, bindNodes } from './bind-nodes.js';
import type { Binding } from './binding.js';
import { BoundHandle, type Known } from './branches/known-values.js';
import { resolveBranches } from './branches/resolve-branches.js';
import { type FoundBindings, findBindings, withoutOtherUses } from './finding/find-bindings.js';
import { refuseUseless } from './refuse-useless.js';

interface BindSettings {
  readonly rewrites: ReadonlySet<RewriteName>;
  readonly bindings?: readonly Binding[];
}

export interface BoundInPart extends Bound {
  /** What is to be bound as soon as nothing takes it for data any more. */
  readonly pending: readonly Binding[];
}

/**
 * @param whole the graph before it was cut.
 * @param outputs names of nodes.
 * @throws PermafrostError INVALID_ARGUMENT
 */
export function bind(
  graph: Graph,
  whole: Graph,
  outputs: readonly string[],
  settings: BindSettings,
  changes: Change[],
): BoundInPart {
  const { rewrites, bindings = [] } = settings;
  if (bindings.length === 0 && !rewrites.has('bindings')) {
    return { graph, variables: new Map(), names: [], pending: [] };
  }
  const asked = bindNodes(graph, bindings, changes);
  refuseUseless(graph, whole, outputs, bindings);
  const { bindings: found, pending } = rewrites.has('bindings') ? findBindings(asked.graph, outputs) : nothingFound;
  return { ...bindMore(asked, outputs, found, changes), pending };
}

const nothingFound: FoundBindings = { bindings: [], pending: [] };

/** Binds what was pending and by now does nothing but decide. */
export function bindPending({ pending, ...bound }: BoundInPart, outputs: readonly string[], changes: Change[]): Bound {
  const found = pending.length === 0 ? [] : withoutOtherUses(bound.graph, outputs, pending);
  return found.length === 0 ? bound : bindMore(bound, outputs, found, changes);
}

function bindMore(before: Bound, outputs: readonly string[], found: readonly Binding[], changes: Change[]): Bound {
  const { graph, names } = bindNodes(before.graph, found, changes);
  const bound = { ...before, graph, names: [...before.names, ...names] };
  const known = knownVariables(bound, outputs);
  return { ...bound, graph: resolveBranches(graph, outputs, known, changes) };
}

/** What a variable is bound to decides branches, as long as nothing writes to it on the way to the outputs. */
function knownVariables({ graph, variables }: Bound, outputs: readonly string[]): Map<string, Known> {
  if (variables.size === 0) return new Map();
  const isWritten = writtenIn(graph, outputs);
  const nodes = [...variables.keys()].map((name) => graph.byName.get(name) as GraphNode);
  const left = nodes.filter((node) => !isWritten(node));
  return new Map(left.map((node) => [node.name, knownAs(node, variables.get(node.name) as Tensor)]));
}

function knownAs({ op, name }: GraphNode, value: Tensor): Known {
  return op === handleOp ? new BoundHandle(name, value) : value;
}

/** Whether anything writes to a variable, by whatever handle, in the graph or in a function. */
function writtenIn(graph: Graph, outputs: readonly string[]): (variable: GraphNode) => boolean {
  const flow = new VariableFlow(graph, outputs);
  const written = new Set<string>();
  for (const body of flow.bodies) {
    for (const node of body.nodes) {
      const variables = isWriter(node) ? flow.variablesOf(body, node.inputs[0] ?? '') : none;
      if (!variables) return () => true;
      for (const key of variables) written.add(key);
    }
  }
  return (variable) => written.has(variableKey(variable));
}

const none: ReadonlySet<string> = new Set();
