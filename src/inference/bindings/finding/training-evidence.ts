/**
 * What tells nodes that only run in training: batch norm by the batch, dropout, steps of optimisers, and updates of moving
 * averages. Random numbers and writes by themselves tell nothing, since models may draw samples and keep state.
 */
import type { Graph } from '../../../graph/graph.js';
import type { GraphNode } from '../../../graph/node.js';
import { isFused, isTraining } from '../../../graph/op-kinds/fused-batch-norm.js';
import { normalOps } from '../../../graph/op-kinds/random.js';
import { isOptimizer } from '../../../graph/op-kinds/training.js';
import { findUpdates } from '../../batch-norm/moving-averages.js';
import { trainingOnly } from '../../dropout/training-only.js';
import { Scope } from '../../scope.js';

/** Some nodes, by the graph or body that they are in. */
export type NodesByGraph = ReadonlyMap<Graph, ReadonlySet<GraphNode>>;

/** Names of nodes of a graph. */
type NamesIn = (graph: Graph) => ReadonlySet<string>;

export class TrainingEvidence {
  /** What applies a mask to data. Of noise that one branch has, the other may as well be another way to use the model. */
  readonly #dropouts: NamesIn;
  /** What writes to moving averages. */
  readonly #updates: NamesIn = once((graph) =>
    // What only scales a variable tells nothing of a batch.
    findUpdates(graph).flatMap(({ write, chain }) => (chain.length > 0 ? write.name : [])),
  );

  /** @param outputs names of nodes of the main graph. */
  constructor(main: Graph, outputs: readonly string[]) {
    this.#dropouts = once((graph) => {
      const results = graph.nodes.flatMap(({ name, op }) => (op === '_Retval' ? name : []));
      const scope = Scope.ofGraph(graph, graph === main ? outputs : results, []);
      const masked = trainingOnly(scope).noises.filter(
        ({ random }) => !normalOps.has(graph.byName.get(random)?.op ?? ''),
      );
      return masked.map(({ node }) => node.name);
    });
  }

  /** @returns in words what they have; undefined where nothing tells. */
  of(found: NodesByGraph): string | undefined {
    return (
      tell(found, 'batch norm by the batch', (node) => isFused(node) && isTraining(node)) ??
      tell(found, 'dropout', ({ name }, graph) => this.#dropouts(graph).has(name)) ??
      tell(found, 'the step of an optimiser', ({ op }) => isOptimizer(op)) ??
      tell(found, 'an update of a moving average', ({ name }, graph) => this.#updates(graph).has(name))
    );
  }
}

function tell(found: NodesByGraph, what: string, has: (node: GraphNode, graph: Graph) => boolean): string | undefined {
  for (const [graph, nodes] of found) {
    for (const node of nodes) if (has(node, graph)) return `${what} ('${node.name}')`;
  }
  return undefined;
}

/** The same, but asked once of each graph. */
function once(find: (graph: Graph) => readonly string[]): NamesIn {
  const known = new Map<Graph, ReadonlySet<string>>();
  return (graph) => {
    const names = known.get(graph) ?? new Set(find(graph));
    known.set(graph, names);
    return names;
  };
}
