/** What is bound, by callers or by itself, and the branches that this decides. */

import type { Tensor } from '../../evaluate/tensor.js';
import type { Graph } from '../../graph/graph.js';
import { throughIdentities } from '../../graph/identities.js';
import type { GraphNode } from '../../graph/node.js';
import { upstream } from '../../graph/upstream.js';
import { handleOp } from '../../graph/variables.js';
import { isWriter } from '../../passes/writes/variable-writes.js';
import type { Change } from '../change.js';
import type { RewriteName } from '../rewrite-name.js';
import { type Bound, bindNodes } from './bind-nodes.js';
import type { Binding } from './binding.js';
import { findBindings } from './find-bindings.js';
import { BoundHandle, type Known } from './known-values.js';
import { resolveBranches } from './resolve-branches.js';

interface BindSettings {
  readonly rewrites: ReadonlySet<RewriteName>;
  readonly bindings?: readonly Binding[];
}

/**
 * @param outputs names of nodes.
 * @throws PermafrostError INVALID_ARGUMENT
 */
export function bind(graph: Graph, outputs: readonly string[], settings: BindSettings, changes: Change[]): Bound {
  const { rewrites, bindings = [] } = settings;
  if (bindings.length === 0 && !rewrites.has('bindings')) return { graph, variables: new Map() };
  const asked = bindNodes(graph, bindings, changes);
  const found = rewrites.has('bindings') ? findBindings(asked.graph, outputs) : [];
  const bound = { ...asked, graph: bindNodes(asked.graph, found, changes).graph };
  const known = knownVariables(bound, outputs);
  return { ...bound, graph: resolveBranches(bound.graph, outputs, known, changes) };
}

/** What a variable is bound to decides branches, as long as nothing writes to it on the way to the outputs. */
function knownVariables({ graph, variables }: Bound, outputs: readonly string[]): Map<string, Known> {
  if (variables.size === 0) return new Map();
  const written = new Set(
    upstream(graph, outputs)
      .nodes()
      .flatMap((node) => writtenBy(node, graph)),
  );
  const left = [...variables].filter(([name]) => !written.has(name));
  return new Map(left.map(([name, value]) => [name, knownAs(graph.byName.get(name) as GraphNode, value)]));
}

function knownAs({ op, name }: GraphNode, value: Tensor): Known {
  return op === handleOp ? new BoundHandle(name, value) : value;
}

function writtenBy(node: GraphNode, graph: Graph): string[] {
  if (!isWriter(node)) return [];
  const target = throughIdentities(graph, node.inputs[0] ?? '')?.node;
  return target ? [target.name] : [];
}
