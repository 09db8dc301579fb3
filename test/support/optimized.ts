/** Runs one optimisation on a graph without a checkpoint. */
import { decodeGraph } from '../../src/graph/decode.js';
import type { Graph } from '../../src/graph/graph.js';
import type { Optimization, Optimizing } from '../../src/optimize/optimization.js';
import { prune } from '../../src/passes/prune.js';
import { graphDef, int32Type, type NodeLiteral, typeAttr } from './graph-def.js';

/** Nothing around the graph: no checkpoint, no signatures, nobody who listens. Its output is `y`. */
export const alone: Optimizing = {
  outputs: new Set(['y']),
  laterOutputs: new Set(),
  read: async () => new Map(),
  maxima: async () => [],
  storedAs: () => undefined,
  report: () => {},
  leave: () => {},
};

export interface OptimizedGraph {
  readonly graph: Graph;
  /** Names of the nodes that were told of. */
  readonly changed: readonly string[];
}

/** @param nodes their output is `y`. */
export async function optimized(optimization: Optimization, nodes: readonly NodeLiteral[]): Promise<OptimizedGraph> {
  const changed: string[] = [];
  const graph = await optimization(decodeGraph(graphDef(nodes), 'the test graph'), {
    ...alone,
    report: (node) => void changed.push(node),
  });
  return { graph: prune(graph, ['y'], () => false), changed };
}

/** A constant of whole numbers: of one dimension where there are several, else a scalar. */
export function integers(name: string, ...values: number[]): NodeLiteral {
  const dim = values.length === 1 ? [] : [{ size: values.length }];
  const tensor = { dtype: int32Type, tensor_shape: { dim }, int_val: values };
  return { name, op: 'Const', attr: { dtype: typeAttr(int32Type), value: { tensor } } };
}
